package io.culvert.testkit.router;

import io.vavr.collection.Seq;

/** What became of a frame. */
public sealed interface RouterOutcome {

  /**
   * It was sent on.
   *
   * @param frames the frames sent, in order
   * @param forwarding the decision, as an offload needs it
   */
  record Forwarded(Seq<SentFrame> frames, Forwarding forwarding) implements RouterOutcome {}

  /**
   * It was discarded, and Linux would send nothing either.
   *
   * @param reason why
   */
  record Dropped(DropReason reason) implements RouterOutcome {}

  /**
   * Linux would do something that is not modelled; nothing was sent.
   *
   * @param reason what
   */
  record NotModelled(NotModelledReason reason) implements RouterOutcome {}

  /** The reason as a word for reports; empty if it was sent on. */
  default String word() {
    return switch (this) {
      case Forwarded _ -> "";
      case Dropped(DropReason reason) -> reason.word();
      case NotModelled(NotModelledReason reason) -> reason.word();
    };
  }
}
