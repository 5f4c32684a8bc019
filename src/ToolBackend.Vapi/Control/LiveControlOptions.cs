using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace ToolBackend.Vapi.Control;

/// <summary>Section <c>Vapi:Control</c>: where commands to live calls may be sent.</summary>
public sealed class LiveControlOptions
{
    public const string SectionName = "Vapi:Control";

    /// <summary>Host names that control addresses may have besides <c>vapi.ai</c>; each stands for itself and all below it. Default none.</summary>
    public string[] Hosts { get; set; } = [];

    /// <summary>Accept http, any port and this machine's own addresses, for a simulator. Default false; never in production.</summary>
    public bool AllowLoopback { get; set; }

    /// <summary>Vapi's public key, sent as bearer token: calls whose <c>monitorPlan</c> sets <c>controlAuthenticationEnabled</c> want it. Default none.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public string? PublicKey { get; set; }

    /// <summary>Milliseconds for a command, name look-up and connection included. Default 5000, limit 100 to 30000.</summary>
    [Range(100, 30_000)]
    public int TimeoutMilliseconds { get; set; } = 5000;
}

/// <summary>A host that is an address or a URL would never match, or open more than was meant.</summary>
internal sealed class ControlHostsAreNames : IValidateOptions<LiveControlOptions>
{
    public ValidateOptionsResult Validate(string? name, LiveControlOptions options)
    {
        List<string> errors = [];
        if (!Array.TrueForAll(options.Hosts, host => Uri.CheckHostName(host) == UriHostNameType.Dns && host.Contains('.', StringComparison.Ordinal) && !host.StartsWith('.') && !host.EndsWith('.')))
        {
            errors.Add($"{LiveControlOptions.SectionName}:{nameof(options.Hosts)} must be host names with a dot in them, such as calls.example.com.");
        }

        if (options.PublicKey is { } key && (key.Length == 0 || key.AsSpan().ContainsAnyExceptInRange('!', '~')))
        {
            errors.Add($"{LiveControlOptions.SectionName}:{nameof(options.PublicKey)} must have no spaces, line breaks or letters beyond ASCII.");
        }

        return errors.Count > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }
}
