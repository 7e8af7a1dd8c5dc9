package dev.kemas.mount.travel;

/** Is told how an export or import goes, and may end it. Called from several threads at once. */
public interface TravelWatch {

  /** Nothing is told, nothing is ended. */
  TravelWatch NONE =
      new TravelWatch() {
        @Override
        public void check() {
          // goes on to its end
        }

        @Override
        public void moved(long bytes) {
          // nobody looks
        }
      };

  /**
   * Called before each piece of work.
   *
   * @throws dev.kemas.fault.Fault.Cancelled to end it
   */
  void check();

  /**
   * A blob was sent or came.
   *
   * @param bytes of it
   */
  void moved(long bytes);
}
