package io.culvert.testkit.law;

/** The laws, by number and name. */
public enum Law {
  /** What was pushed is matched: words, lengths, inner type; the payload is untouched. */
  ROUND_TRIP(1, "match(push(t)) = t"),
  /** Every strict prefix of a shim is truncated. */
  PREFIX(2, "every strict prefix is TRUNCATED"),
  /** The end given is the end. */
  END(3, "the end given is the end"),
  /** Any bytes give a code, or a hit that fits. */
  TOTAL(4, "any bytes give a code or a hit that fits"),
  /** What must be as it is, guards. */
  GUARD(5, "flipping a guard bit refuses"),
  /** What tells whose packet it is, tells. */
  IDENTITY(6, "flipping an identity bit gives another tuple"),
  /** What means nothing, changes nothing. */
  FREE(7, "flipping a free bit changes nothing"),
  /** Padding is not payload. */
  PADDING(8, "padding is not payload"),
  /** What lay in the headroom never shows. */
  HEADROOM(9, "dirty headroom never shows"),
  /** The place in memory does not matter. */
  POSITION(10, "position independence"),
  /** Matching writes nothing. */
  READ_ONLY(11, "match reads only"),
  /** Bytes that others made are what we make, and are matched. */
  VECTORS(12, "golden vectors from outside"),
  /** The template of a stack is the templates of its layers, one behind the other. */
  COMPOSITION(13, "template(a over b) = template(a) ++ template(b)"),
  /** The reverse of the reverse is the identity. */
  MIRROR(14, "the reverse of the reverse is the identity"),
  /** A parser that shares no code accepts what was pushed. */
  INDEPENDENT_PARSER(15, "an independent parser accepts what was pushed"),
  /** Pop undoes push, and push undoes pop but for free and derived bits. */
  INVERSE(16, "pop after push restores the frame, and push after pop"),
  /** Matching allocates nothing. */
  ALLOCATION(17, "no allocation"),
  /** What is claimed works, and what is not supported is refused. */
  REFUSAL(18, "what is not supported is refused at set-up"),
  /** What the fast path sends is what the slow path would have sent. */
  FAST_IS_SLOW(19, "fast path = slow path"),
  /** The fast path was used. */
  HIT(20, "the fast path was hit"),
  /** What is damaged, or comes again, comes back as it is. */
  DAMAGE(21, "what is damaged or repeated comes back untouched");

  private final int number;
  private final String title;

  Law(int number, String title) {
    this.number = number;
    this.title = title;
  }

  /** The number. */
  public int number() {
    return number;
  }

  /** The name, as a short sentence. */
  public String title() {
    return title;
  }
}
