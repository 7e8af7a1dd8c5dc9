package dev.kemas.image;

import dev.kemas.fault.Fault;
import dev.kemas.oci.Digest;
import dev.kemas.oci.Reference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** One removal, by Docker's rules and in its words. Used by one thread. */
final class Removal {
  private final Catalog catalog;
  private final ImageUse use;
  private final Consumer<ImageEvent> events;
  private final List<Removed> done = new ArrayList<>();
  private final Set<Digest> members = new LinkedHashSet<>();

  Removal(Catalog catalog, ImageUse use, Consumer<ImageEvent> events) {
    this.catalog = catalog;
    this.use = use;
    this.events = events;
  }

  List<Removed> done() {
    return List.copyOf(done);
  }

  /** Takes one name away, and the image with it when nothing else names it. */
  void byName(Image image, Reference name, boolean force, boolean noPrune) {
    removeName(image, name, force, noPrune);
    removeMembers();
  }

  private void removeName(Image image, Reference name, boolean force, boolean noPrune) {
    List<Reference> before = references(image);
    if (!force && fromOneRepository(before)) {
      use.usersOf(image.id()).stream()
          .findFirst()
          .ifPresent(user -> {
            throw new Fault.Conflict(
                "conflict: unable to remove repository reference \""
                    + name.familiar()
                    + "\" (must force) - container "
                    + shortId(user.containerId())
                    + " is using its referenced image "
                    + image.id().shortHex());
          });
    }
    untag(image, name);
    List<Reference> left = without(before, name);
    boolean repositoryStillTagged =
        left.stream().anyMatch(r -> r.digest().isEmpty() && r.name().equals(name.name()));
    if (name.digest().isEmpty() && !repositoryStillTagged) {
      for (Reference reference : List.copyOf(left)) {
        if (reference.name().equals(name.name())) {
          untag(image, reference);
          left = without(left, reference);
        }
      }
    }
    if (left.isEmpty()) {
      delete(image.id(), force, !noPrune, true);
    }
  }

  /** Removes the image of an id with its names, if they are all of one repository or forced. */
  void byId(Image image, boolean force, boolean noPrune) {
    List<Reference> names = references(image);
    if (fromOneRepository(names)) {
      conflict(image, force, false).ifPresent(Removal::refuse);
      names.forEach(name -> untag(image, name));
    }
    delete(image.id(), force, !noPrune, false);
    removeMembers();
  }

  /** Images for other platforms, that nobody names since their list is gone. */
  private void removeMembers() {
    for (Digest id : members) {
      Optional<Image> image = catalog.find(id);
      if (image.isPresent()
          && references(image.get()).isEmpty()
          && catalog.memberOf(id).isEmpty()) {
        delete(id, false, true, true);
      }
    }
  }

  private void delete(Digest id, boolean force, boolean prune, boolean quiet) {
    Optional<Image> found = catalog.find(id);
    if (found.isEmpty()) {
      return;
    }
    Image image = found.get();
    Optional<Obstacle> obstacle = conflict(image, force, true);
    if (obstacle.isPresent()) {
      boolean named = !references(image).isEmpty() || hasChildren(id);
      if (quiet && (named || obstacle.get().used())) {
        return;
      }
      refuse(obstacle.get());
    }
    references(image).forEach(name -> untag(image, name));
    catalog.delete(id);
    done.add(new Removed.Deleted(id));
    events.accept(event(ImageEvent.Action.DELETE, image, id.toString()));
    if (prune && image.parent().isPresent()) {
      delete(image.parent().get(), false, true, true);
    }
  }

  /**
   * Why an image cannot go.
   *
   * @param forcible whether force helps
   * @param used whether it is for a container
   */
  private record Obstacle(Digest id, boolean forcible, boolean used, String cause) {}

  private static void refuse(Obstacle o) {
    throw new Fault.Conflict(
        "conflict: unable to delete "
            + o.id().shortHex()
            + (o.forcible() ? " (must be forced) - " : " (cannot be forced) - ")
            + o.cause());
  }

  private Optional<Obstacle> conflict(Image image, boolean force, boolean namesCount) {
    Digest id = image.id();
    Optional<String> list = catalog.memberOf(id);
    if (list.isPresent()) {
      return Optional.of(
          new Obstacle(id, false, true, "image is part of " + list.get() + ", remove that"));
    }
    if (hasChildren(id)) {
      return Optional.of(new Obstacle(id, false, false, "image has dependent child images"));
    }
    List<ImageUse.User> users = use.usersOf(id);
    Optional<ImageUse.User> running = users.stream().filter(ImageUse.User::running).findFirst();
    if (running.isPresent()) {
      String who = shortId(running.get().containerId());
      return Optional.of(
          new Obstacle(id, false, true, "image is being used by running container " + who));
    }
    if (force) {
      return Optional.empty();
    }
    if (namesCount && !references(image).isEmpty()) {
      return Optional.of(
          new Obstacle(id, true, false, "image is referenced in multiple repositories"));
    }
    return users.stream()
        .findFirst()
        .map(user ->
            new Obstacle(
                id,
                true,
                true,
                "image is being used by stopped container " + shortId(user.containerId())));
  }

  private boolean hasChildren(Digest id) {
    return catalog.all().stream().anyMatch(i -> i.parent().equals(Optional.of(id)));
  }

  private void untag(Image image, Reference name) {
    catalog
        .index(name)
        .ifPresent(index -> index.images().forEach(part -> members.add(part.image())));
    catalog.untag(name);
    done.add(new Removed.Untagged(name.familiar()));
    events.accept(event(ImageEvent.Action.UNTAG, image, name.familiar()));
  }

  static ImageEvent event(ImageEvent.Action action, Image image, String name) {
    Map<String, String> attributes = new TreeMap<>(image.config().defaults().labels());
    attributes.put("name", name);
    return new ImageEvent(action, image.id().toString(), attributes);
  }

  private static List<Reference> references(Image image) {
    List<Reference> all = new ArrayList<>(image.tags());
    all.addAll(image.digests());
    return all;
  }

  private static List<Reference> without(List<Reference> all, Reference one) {
    return all.stream().filter(r -> !r.equals(one)).toList();
  }

  /** At most one tag, and digests of its repository only: taking the name takes the image. */
  private static boolean fromOneRepository(List<Reference> names) {
    List<Reference> tags = names.stream().filter(r -> r.digest().isEmpty()).toList();
    Set<String> repositories = new HashSet<>();
    names.forEach(r -> repositories.add(r.name()));
    return tags.size() <= 1 && repositories.size() <= 1;
  }

  private static String shortId(String containerId) {
    return containerId.length() > 12 ? containerId.substring(0, 12) : containerId;
  }
}
