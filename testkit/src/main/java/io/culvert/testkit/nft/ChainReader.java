package io.culvert.testkit.nft;

import io.culvert.testkit.nft.Ruleset.Chain;
import io.culvert.testkit.nft.Ruleset.Hook;
import io.culvert.testkit.nft.Ruleset.Place;
import io.culvert.testkit.nft.Ruleset.Rule;
import io.vavr.collection.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads the lines of one base chain: what it hooks to, its policy, its rules. */
final class ChainReader {
  static final List<String> LINES =
      List.of("type filter|nat hook HOOK priority N", "policy accept|drop", "a rule");

  private static final List<String> HOOKS =
      List.of(Hook.values()).map(hook -> hook.name().toLowerCase(Locale.ROOT));

  private final Cursor words;
  private final String name;
  private final Place at;
  private Ruleset.@Nullable Type type;
  private @Nullable Hook hook;
  private boolean isHookWrong;
  private int priority;
  private boolean accepts = true;
  private List<Rule> rules = List.empty();

  ChainReader(Cursor words, String name, Place at) {
    this.words = words;
    this.name = name;
    this.at = at;
  }

  /** One line; also after a mistake in another one. */
  void line() {
    if (words.accept("type")) {
      hook();
    } else if (words.accept("policy")) {
      accepts = words.choose(List.of("accept", "drop")).equals("accept");
    } else {
      rules = rules.append(new RuleReader(words).rule());
    }
    words.endStatement(List.empty());
  }

  private void hook() {
    isHookWrong = true;
    Ruleset.Type read =
        words.choose(List.of("filter", "nat")).equals("nat")
            ? Ruleset.Type.NAT
            : Ruleset.Type.FILTER;
    words.expect("hook");
    List<String> hooks = read == Ruleset.Type.NAT ? HOOKS.remove("forward") : HOOKS;
    hook = Hook.valueOf(words.choose(hooks).toUpperCase(Locale.ROOT));
    type = read;
    priority = Priorities.read(words);
    isHookWrong = false;
  }

  Chain chain() {
    // A hook that could not be read has its own message.
    Ruleset.Type known = isHookWrong ? Ruleset.Type.FILTER : type;
    Hook place = isHookWrong ? Hook.FORWARD : hook;
    if (known == null || place == null) {
      throw new NftMistake(
          at, "chain " + name + " has no hook, and nothing jumps to it", List.of(LINES.head()));
    }
    return new Chain(name, known, place, priority, accepts, rules, at);
  }
}
