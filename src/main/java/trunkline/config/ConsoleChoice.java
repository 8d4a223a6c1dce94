package trunkline.config;

/// Whether there is to be a console, and what it shows.
///
/// @param wanted by those who have the scopes for it, beside health and metrics; on the embedded
///   database there is one without
/// @param payloads whether it shows what messages say
public record ConsoleChoice(boolean wanted, boolean payloads) {
  static ConsoleChoice read(OptionParser values, Trust trust) {
    var wanted = values.flag(Option.CONSOLE);
    if (wanted && trust.isAnonymous()) {
      throw new Refusal(
          values.origin(Option.CONSOLE)
              + " needs to know who looks: --api-keys, --bearer-tokens-file or --oidc-issuer");
    }
    return new ConsoleChoice(wanted, values.flag(Option.CONSOLE_PAYLOADS));
  }

  /// What is asked of a console must not be asked of none.
  ///
  /// @param served whether there is one
  /// @throws Refusal when there is none to show it
  public void require(boolean served) {
    if (payloads && !served) {
      throw new Refusal(
          Option.CONSOLE_PAYLOADS.flag() + " needs a console: " + Option.CONSOLE.flag());
    }
  }
}
