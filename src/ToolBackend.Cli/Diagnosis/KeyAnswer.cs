namespace ToolBackend.Cli.Diagnosis;

/// <summary>
/// What a vendor's answer says of a key. A key that is refused, an account that may not go on, a limited rate and a vendor in trouble are four things with four
/// remedies; only the first is told as a matter of the key.
/// </summary>
/// <param name="IsPage">A web page, which none of the APIs answers with: a proxy or a gateway did.</param>
/// <param name="Text">The beginning of an error's body; empty for a success.</param>
/// <param name="RetryAfter">How long the vendor asks to wait; null when it does not say.</param>
internal sealed record KeyAnswer(int Status, bool IsPage, string Text, TimeSpan? RetryAfter)
{
    // The codes with which ElevenLabs (401) and Deepgram (403) tell that they know the key, and that it may not do just this.
    private static readonly string[] s_known = ["missing_permissions", "INSUFFICIENT_PERMISSIONS"];

    /// <param name="host">Who answered.</param>
    /// <param name="variable">Where the key comes from.</param>
    /// <param name="path">What was asked.</param>
    public CheckResult Of(string host, string variable, string path) => Status switch
    {
        >= 500 or 408 => CheckResult.Fail($"{host} is in trouble (status {Status}): whether it accepts {variable} is not known", "look at the vendor's status page, then look again"),
        _ when IsPage => CheckResult.Warn($"a web page came instead of {host}'s answer (status {Status}): whether it accepts {variable} is not known", "look for a proxy or gateway on the way"),
        >= 200 and < 300 => CheckResult.Ok($"{host} accepts {variable}"),
        429 => CheckResult.Warn(
            $"{host} limits the rate (status 429): whether it accepts {variable} is not known", RetryAfter is { } wait ? $"look again in {Math.Ceiling(wait.TotalSeconds):0} s" : "look again in a minute"),
        401 or 403 when s_known.Any(code => Text.Contains(code, StringComparison.Ordinal)) => CheckResult.Warn(
            $"{host} knows {variable}, which may not ask for {path}", "nothing, if it may do what calls need; this cannot be seen from here"),
        401 => CheckResult.Fail($"{host} refuses {variable} (status 401)", $"put a valid key into {variable}", CheckArea.Key),
        403 => CheckResult.Fail($"{host} forbids what was asked with {variable} (status 403)", "check what the key may do, and that the account is not restricted", CheckArea.Key),
        402 or 412 => CheckResult.Fail($"{host} knows {variable}, and its account is out of credit or suspended (status {Status})", "look at the account's billing"),
        _ => CheckResult.Warn($"{host} answered {Status} to {path}: whether it accepts {variable} is not known", "check the address; a newer version of this tool may ask otherwise"),
    };
}
