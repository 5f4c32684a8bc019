using System.Runtime.CompilerServices;
using ToolBackend.Api.Hosting;
using ToolBackend.Api.Operator;
using ToolBackend.Api.Webhooks;
using ToolBackend.Core.Appointments;
using ToolBackend.Core.Caching;
using ToolBackend.Core.Calls;
using ToolBackend.Core.Calls.Backfill;
using ToolBackend.Core.Calls.Intake;
using ToolBackend.Core.Calls.Live;
using ToolBackend.Core.Calls.Reaping;
using ToolBackend.Core.Calls.Retention;
using ToolBackend.Core.Data;
using ToolBackend.Core.Shipments;
using ToolBackend.Core.Tools;
using ToolBackend.Vapi.Calls;
using ToolBackend.Vapi.Control;
using ToolBackend.Vapi.Rest;
using ToolBackend.Vapi.Webhooks;

namespace ToolBackend.Api.Tests.Hosting;

/// <summary>The README's configuration table against the option classes: a setting that is missing or gone there misleads whoever deploys.</summary>
public sealed class ConfigurationTableTests
{
    private static readonly (string Section, Type Options)[] s_sections =
    [
        ("Vapi:Webhook", typeof(WebhookAuthenticationOptions)), ("Vapi:Webhook", typeof(WebhookOptions)), ("Operator", typeof(OperatorOptions)), ("Tools", typeof(ToolOptions)),
        ("Scheduling", typeof(SchedulingOptions)), ("Shipments", typeof(ShipmentOptions)), ("Calls", typeof(CallOptions)), ("Postgres", typeof(DatabaseOptions)),
        ("Redis", typeof(RedisOptions)), ("Host", typeof(HostingOptions)),
        ("Calls:Store", typeof(CallStoreOptions)), ("Calls:Content", typeof(ContentPolicy)), ("Calls:Live", typeof(LiveOptions)), ("Calls:Reaper", typeof(CallReaperOptions)),
        ("Calls:Backfill", typeof(BackfillOptions)), ("Retention", typeof(RetentionOptions)), ("Vapi:Control", typeof(LiveControlOptions)), ("Vendors:Vapi", typeof(VapiClientOptions)),
    ];

    [Fact]
    public async Task Every_setting_is_in_the_README_and_every_setting_there_exists()
    {
        var table = (await File.ReadAllLinesAsync(Path.Combine(Root(), "README.md"))).Where(l => l.StartsWith("| `", StringComparison.Ordinal)).ToList();
        var documented = table.Select(l => l.Split('|')[1]).SelectMany(Names).Where(n => n.Contains(':', StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        var existing = s_sections.SelectMany(s => s.Options.GetProperties()
            .Where(p => p.PropertyType != typeof(WebhookHmacOptions) && p.SetMethod is { IsPublic: true })
            .Select(p => $"{s.Section}:{p.Name}")).ToHashSet(StringComparer.Ordinal);

        existing.Except(documented, StringComparer.Ordinal).ShouldBeEmpty("settings that the README does not name");
        documented.Where(d => !d.StartsWith("ConnectionStrings:", StringComparison.Ordinal) && !d.StartsWith("Vapi:Webhook:Hmac:", StringComparison.Ordinal))
            .Except(existing, StringComparer.Ordinal).ShouldBeEmpty("settings of the README that do not exist");

        var hmac = table.Single(l => l.Contains("Vapi:Webhook:Hmac:Secret", StringComparison.Ordinal));
        typeof(WebhookHmacOptions).GetProperties().Where(p => p.SetMethod is { IsPublic: true }).ShouldAllBe(p => hmac.Contains(p.Name, StringComparison.Ordinal));
    }

    /// <summary>"`A:B`, `:C`" names A:B and A:C.</summary>
    private static IEnumerable<string> Names(string cell)
    {
        var section = "";
        foreach (var name in cell.Split('`').Where((_, i) => i % 2 == 1))
        {
            if (!name.StartsWith(':'))
            {
                section = name[..Math.Max(0, name.LastIndexOf(':'))];
                yield return name;
            }
            else
            {
                yield return section + name;
            }
        }
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));
}
