using System.Text.RegularExpressions;
using ToolBackend.Voice.CallLog;
using ToolBackend.Voice.FrontDoor;
using ToolBackend.Voice.Hosting;
using ToolBackend.Voice.Language;
using ToolBackend.Voice.Recording;
using ToolBackend.Voice.Providers;
using ToolBackend.Voice.Speaking;
using ToolBackend.Voice.Synthesis;
using ToolBackend.Voice.Synthesis.Kept;
using ToolBackend.Voice.Transcription;

namespace ToolBackend.Voice.Tests.Hosting;

/// <summary>The pages' tables of settings against the option classes: a setting that is missing or gone there misleads whoever deploys.</summary>
public sealed partial class ConfigurationTableTests
{
    private static readonly string[] s_vendors = ["Deepgram", "AssemblyAi", "ElevenLabs", "Groq", "Together", "Fireworks"];

    private static readonly (string Page, string Section, Type Options)[] s_sections =
    [
        ("voice", "Voice", typeof(VoiceOptions)), ("voice", "Voice:CallLog", typeof(CallLogOptions)), ("voice", "Voice:SpeechCache", typeof(SpeechCacheOptions)), ("voice", "Voice:Recording", typeof(RecordingOptions)), ("voice", "Voice:FrontDoor", typeof(FrontDoorOptions)), ("voice", "Voice:Rates", typeof(RateOptions)), ("voice", "Vendors:Twilio", typeof(TwilioOptions)),
        .. s_vendors.Select(vendor => ("voice", $"Vendors:{vendor}", typeof(VendorOptions))),
        ("transcription", "Transcription", typeof(TranscriptionOptions)), ("language", "Language", typeof(LanguageOptions)),
        ("synthesis", "Synthesis", typeof(SynthesisOptions)), ("synthesis", "ClauseChunker", typeof(ClauseChunkerOptions)),
    ];

    public static TheoryData<string> Pages => [.. s_sections.Select(s => s.Page).Distinct(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_setting_is_on_its_page_and_every_setting_there_exists(string page)
    {
        var documented = Settings(await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "docs", page + ".md"))).ToHashSet(StringComparer.Ordinal);
        var existing = s_sections.Where(s => s.Page == page)
            .SelectMany(s => s.Options.GetProperties().Where(p => p.SetMethod is { IsPublic: true }).Select(p => $"{s.Section}:{p.Name}")).ToHashSet(StringComparer.Ordinal);
        existing.Except(documented, StringComparer.Ordinal).ShouldBeEmpty($"settings that docs/{page}.md does not name");
        documented.Except(existing, StringComparer.Ordinal).ShouldBeEmpty($"settings of docs/{page}.md that do not exist");
    }

    /// <summary>The names in the first column of tables of settings: those that have a colon, or whose column's heading has.</summary>
    private static IEnumerable<string> Settings(IEnumerable<string> lines)
    {
        var prefix = "";
        var wasTable = false;
        foreach (var line in lines)
        {
            var isTable = line.StartsWith("| ", StringComparison.Ordinal);
            if (isTable)
            {
                var names = Names(line.Split('|')[1]).ToList();
                prefix = wasTable ? prefix : names is [[.., ':'] heading] ? heading : "";
                foreach (var name in names.Select(n => prefix + n).Where(n => n.Contains(':', StringComparison.Ordinal) && n[^1] is not (':' or '*')))
                {
                    yield return name;
                }
            }

            wasTable = isTable;
        }
    }

    /// <summary>"`A:B`, `:C`" names A:B and A:C, "`{A,B}:C`" A:C and B:C; what an own name stands in (`:Lines:+1...`, `:Voices:NAME`) is one setting.</summary>
    private static IEnumerable<string> Names(string cell)
    {
        var sections = (string[])[""];
        foreach (var written in cell.Split('`').Where((_, i) => i % 2 == 1))
        {
            var name = OwnName().Split(written)[0];
            if (!name.StartsWith(':'))
            {
                sections = [.. Alternatives(name[..Math.Max(0, name.LastIndexOf(':'))])];
                name = name[(name.LastIndexOf(':') + 1)..];
            }

            foreach (var section in sections)
            {
                yield return section.Length > 0 ? $"{section}:{name.TrimStart(':')}" : name;
            }
        }
    }

    private static IEnumerable<string> Alternatives(string section) =>
        Braces().Match(section) is { Success: true } braces ? braces.Groups["names"].Value.Split(',').Select(one => section.Replace(braces.Value, one, StringComparison.Ordinal)) : [section];

    [GeneratedRegex(@"\{(?<names>[^}]*)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Braces();

    [GeneratedRegex(@":(?:NAME|\+1)", RegexOptions.None, 1000)]
    private static partial Regex OwnName();
}
