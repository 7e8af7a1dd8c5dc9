package dev.kemas.signature;

import java.net.URL;
import java.net.URLClassLoader;

/**
 * Classes of some jars, below those of the program. The program has a smaller edition of Protocol
 * Buffers than these jars were made for, under the same names, so of that they have their own.
 */
final class OwnLibraries extends URLClassLoader {
  private static final String OWN = "com.google.protobuf.";

  OwnLibraries(String name, URL[] jars, ClassLoader parent) {
    super(name, jars, parent);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OWN)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> known = findLoadedClass(name);
      Class<?> found = known == null ? findClass(name) : known;
      if (resolve) {
        resolveClass(found);
      }
      return found;
    }
  }
}
