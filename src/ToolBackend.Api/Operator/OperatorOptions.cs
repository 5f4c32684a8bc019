using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace ToolBackend.Api.Operator;

/// <summary>Section <c>Operator</c>. Only hashes are configured: who reads the configuration cannot use the API.</summary>
public sealed class OperatorOptions
{
    public const string SectionName = "Operator";

    /// <summary><c>sha256:</c> and 64 hexadecimal digits, the hash of the key's text; <c>toolbackend operator-key new</c> makes both. Unset: nobody is let in.</summary>
    public string? KeyHash { get; set; }

    /// <summary>Hash of the key that is being rotated out; accepted as well while it is set.</summary>
    public string? PreviousKeyHash { get; set; }

    /// <summary>Milliseconds the reads of one request may take before it is answered 503. Default 5000, limit 100 to 30000.</summary>
    [Range(100, 30_000)]
    public int DeadlineMilliseconds { get; set; } = 5000;

    /// <summary>The same for statistics, which read every call of their stretch. Default 20000, limit 100 to 120000.</summary>
    [Range(100, 120_000)]
    public int StatsDeadlineMilliseconds { get; set; } = 20_000;
}

/// <summary>A hash that cannot match any key would lock the operator out in silence, so it stops the start.</summary>
internal sealed partial class OperatorKeysAreHashes : IValidateOptions<OperatorOptions>
{
    public ValidateOptionsResult Validate(string? name, OperatorOptions options)
    {
        List<string> errors = [];
        Check(errors, nameof(options.KeyHash), options.KeyHash);
        Check(errors, nameof(options.PreviousKeyHash), options.PreviousKeyHash);
        if (string.IsNullOrEmpty(options.KeyHash) && !string.IsNullOrEmpty(options.PreviousKeyHash))
        {
            errors.Add($"{OperatorOptions.SectionName}:PreviousKeyHash is set without {OperatorOptions.SectionName}:KeyHash.");
        }

        return errors.Count > 0 ? ValidateOptionsResult.Fail(errors) : ValidateOptionsResult.Success;
    }

    // The value is not quoted: people paste the key itself here.
    private static void Check(List<string> errors, string setting, string? hash)
    {
        if (!string.IsNullOrEmpty(hash) && !HashPattern().IsMatch(hash))
        {
            errors.Add($"{OperatorOptions.SectionName}:{setting} must be \"sha256:\" and 64 hexadecimal digits. toolbackend operator-key new makes a key and its hash.");
        }
    }

    [GeneratedRegex(@"\Asha256:[0-9A-Fa-f]{64}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex HashPattern();
}
