package io.culvert.bench.measure;

import io.culvert.bench.classic.ClassicRouter;
import io.culvert.flowtable.worker.FrameBurst;

/**
 * The classic router as a path.
 *
 * @param name for people
 * @param router the router
 */
public record ClassicPath(String name, ClassicRouter router) implements ForwardingPath {

  @Override
  public void process(FrameBurst burst) {
    router.process(burst);
  }

  @Override
  public long forwarded() {
    return router.forwarded();
  }

  @Override
  public int port(FrameBurst burst, int i) {
    return router.port(i);
  }

  @Override
  public long offset(FrameBurst burst, int i) {
    return router.offset(i);
  }

  @Override
  public int length(FrameBurst burst, int i) {
    return router.length(i);
  }
}
