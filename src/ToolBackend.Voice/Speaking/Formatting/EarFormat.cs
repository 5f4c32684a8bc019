using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ToolBackend.Voice.Speaking.Formatting;

/// <summary>
/// Rewrites a chunk for the ear, as a definition's <c>chunkPlan.formatPlan</c> says. Made once per definition; pure and thread-safe. Works on whole chunks, since the chunker cuts through no number,
/// date, amount or address. Markdown, asterisks and angle brackets are <see cref="SpokenText"/>'s and always go.
/// </summary>
internal sealed class EarFormat
{
    private const double DefaultCutoff = 2025;

    /// <summary>In this order: what is part of something longer comes after it. Numbers are last.</summary>
    private static readonly (string Name, Func<string, double, string> Rule)[] s_rules =
    [
        ("email", static (text, _) => EarRules.Email(text)),
        ("quote", static (text, _) => EarRules.Quote(text)),
        ("newline", static (text, _) => EarRules.Newline(text)),
        ("dollarAmount", static (text, _) => EarRules.Amount(text)),
        ("date", static (text, _) => EarRules.Date(text)),
        ("phoneNumber", static (text, _) => EarRules.Phone(text)),
        ("time", static (text, _) => EarRules.Time(text)),
        ("distance", static (text, _) => EarRules.Distance(text)),
        ("unit", static (text, _) => EarRules.Unit(text)),
        ("percentage", static (text, _) => EarRules.Percentage(text)),
        ("acronym", static (text, _) => EarRules.Acronym(text)),
        ("number", EarRules.Number),
        ("dash", static (text, _) => EarRules.Dash(text)),
        ("colon", static (text, _) => EarRules.Colon(text)),
    ];

    private readonly Func<string, double, string>[] _rules;
    private readonly EarReplacement[] _replacements;
    private readonly double _cutoff;

    private EarFormat(Func<string, double, string>[] rules, EarReplacement[] replacements, double cutoff) => (_rules, _replacements, _cutoff) = (rules, replacements, cutoff);

    /// <summary>Null is Vapi's default: every formatter, cutoff 2025, no replacements. <c>enabled: false</c> changes nothing at all.</summary>
    public static EarFormat Of(JsonObject? plan)
    {
        if (plan?["enabled"] is JsonValue on && on.TryGetValue<bool>(out var enabled) && !enabled)
        {
            return new EarFormat([], [], DefaultCutoff);
        }

        var chosen = (plan?["formattersEnabled"] as JsonArray)?.OfType<JsonValue>().Select(static v => v.TryGetValue<string>(out var name) ? name : "").ToHashSet(StringComparer.Ordinal);
        var cutoff = plan?["numberToDigitsCutoff"] is JsonValue value && value.TryGetValue<double>(out var number) && number >= 0 ? number : DefaultCutoff;
        var replacements = (plan?["replacements"] as JsonArray)?.OfType<JsonObject>().Select(EarReplacement.Of).OfType<EarReplacement>() ?? [];
        return new EarFormat([.. s_rules.Where(r => chosen is null || chosen.Contains(r.Name)).Select(static r => r.Rule)], [.. replacements], cutoff);
    }

    /// <summary>A formatter that takes too long on a text leaves it as it is.</summary>
    public string Apply(string text)
    {
        foreach (var replacement in _replacements)
        {
            text = replacement.Apply(text);
        }

        foreach (var rule in _rules)
        {
            try
            {
                text = rule(text, _cutoff);
            }
            catch (RegexMatchTimeoutException)
            {
                continue;
            }
        }

        return text;
    }
}
