package dev.kemas.cli;

import dev.kemas.cli.build.Build;
import dev.kemas.cli.build.BuilderPrune;
import dev.kemas.cli.command.Command;
import dev.kemas.cli.completion.Completion;
import dev.kemas.cli.container.Attach;
import dev.kemas.cli.container.ContainerInspect;
import dev.kemas.cli.container.Create;
import dev.kemas.cli.container.Exec;
import dev.kemas.cli.container.Export;
import dev.kemas.cli.container.Kill;
import dev.kemas.cli.container.Logs;
import dev.kemas.cli.container.Pause;
import dev.kemas.cli.container.Port;
import dev.kemas.cli.container.Prune;
import dev.kemas.cli.container.Ps;
import dev.kemas.cli.container.Remove;
import dev.kemas.cli.container.Rename;
import dev.kemas.cli.container.Run;
import dev.kemas.cli.container.Start;
import dev.kemas.cli.container.Stop;
import dev.kemas.cli.container.Top;
import dev.kemas.cli.container.Unpause;
import dev.kemas.cli.container.Wait;
import dev.kemas.cli.doctor.Doctor;
import dev.kemas.cli.image.Bootstrap;
import dev.kemas.cli.image.History;
import dev.kemas.cli.image.ImageInspect;
import dev.kemas.cli.image.ImagePrune;
import dev.kemas.cli.image.Images;
import dev.kemas.cli.image.Import;
import dev.kemas.cli.image.Load;
import dev.kemas.cli.image.Pull;
import dev.kemas.cli.image.RemoveImage;
import dev.kemas.cli.image.Save;
import dev.kemas.cli.image.Tag;
import dev.kemas.cli.init.Init;
import dev.kemas.cli.network.NetworkConnect;
import dev.kemas.cli.network.NetworkCreate;
import dev.kemas.cli.network.NetworkInspect;
import dev.kemas.cli.network.NetworkList;
import dev.kemas.cli.network.NetworkPrune;
import dev.kemas.cli.network.NetworkRemove;
import dev.kemas.cli.registry.Handover;
import dev.kemas.cli.registry.Login;
import dev.kemas.cli.registry.Logout;
import dev.kemas.cli.registry.Push;
import dev.kemas.cli.registry.Search;
import dev.kemas.cli.system.DiskUse;
import dev.kemas.cli.system.Events;
import dev.kemas.cli.system.Info;
import dev.kemas.cli.system.Inspect;
import dev.kemas.cli.system.SystemPrune;
import dev.kemas.cli.system.Version;
import dev.kemas.cli.volume.VolumeCreate;
import dev.kemas.cli.volume.VolumeInspect;
import dev.kemas.cli.volume.VolumeList;
import dev.kemas.cli.volume.VolumePrune;
import dev.kemas.cli.volume.VolumeRemove;

/** From the id of a command to the command; the one place that knows all their classes. */
final class Commands {
  private Commands() {}

  /** A new command of that id. */
  static Command create(String id) {
    return switch (id) {
      case "run" -> new Run();
      case "create" -> new Create();
      case "start" -> new Start();
      case "stop", "restart" -> new Stop(id);
      case "kill" -> new Kill();
      case "rm" -> new Remove();
      case "rename" -> new Rename();
      case "wait" -> new Wait();
      case "logs" -> new Logs();
      case "attach" -> new Attach();
      case "exec" -> new Exec();
      case "export" -> new Export();
      case "ps" -> new Ps();
      case "pause" -> new Pause();
      case "unpause" -> new Unpause();
      case "port" -> new Port();
      case "top" -> new Top();
      case "container.inspect" -> new ContainerInspect();
      case "container.prune" -> new Prune();
      case "images" -> new Images();
      case "rmi" -> new RemoveImage();
      case "tag" -> new Tag();
      case "history" -> new History();
      case "load" -> new Load();
      case "save" -> new Save();
      case "import" -> new Import();
      case "pull" -> new Pull();
      case "push" -> new Push();
      case "login" -> new Login();
      case "logout" -> new Logout();
      case "search" -> new Search();
      case "bootstrap" -> new Bootstrap();
      case "image.inspect" -> new ImageInspect();
      case "image.prune" -> new ImagePrune();
      case "volume.create" -> new VolumeCreate();
      case "volume.ls" -> new VolumeList();
      case "volume.inspect" -> new VolumeInspect();
      case "volume.rm" -> new VolumeRemove();
      case "volume.prune" -> new VolumePrune();
      case "network.create" -> new NetworkCreate();
      case "network.ls" -> new NetworkList();
      case "network.inspect" -> new NetworkInspect();
      case "network.rm" -> new NetworkRemove();
      case "network.prune" -> new NetworkPrune();
      case "network.connect" -> new NetworkConnect(true);
      case "network.disconnect" -> new NetworkConnect(false);
      case "version" -> new Version();
      case "info" -> new Info();
      case "inspect" -> new Inspect();
      case "events" -> new Events();
      case "build" -> new Build();
      case "builder.prune" -> new BuilderPrune();
      case "doctor" -> new Doctor();
      case "init" -> new Init();
      case "completion" -> new Completion(Commands::create);
      case "registry.serve" -> new Handover("kemas-registry", "serve");
      case "manifest.annotate",
          "manifest.create",
          "manifest.inspect",
          "manifest.push",
          "manifest.rm" ->
          new Handover("kemas-manifest", id.substring("manifest.".length()));
      case "system.df" -> new DiskUse();
      case "system.prune" -> new SystemPrune();
      default -> throw new IllegalArgumentException("no command has the id " + id);
    };
  }
}
