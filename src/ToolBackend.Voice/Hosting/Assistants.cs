using Microsoft.Extensions.Options;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Definitions.Model;

namespace ToolBackend.Voice.Hosting;

/// <summary>The assistants of the definitions folder, read at start: the very files that Vapi's are made of.</summary>
public sealed class Assistants
{
    private readonly Dictionary<string, AssistantModel> _byName;
    private readonly VoiceOptions _options;

    /// <exception cref="OptionsValidationException">The folder cannot be read, has errors, or lacks an assistant that the options name.</exception>
    public Assistants(IOptions<VoiceOptions> options)
    {
        _options = options.Value;
        var (definitions, errors) = DefinitionLoader.Load(_options.Definitions, _options.Environment, Environment.GetEnvironmentVariable);
        var problems = errors.Where(e => e.Severity is Severity.Error).Select(e => e.ToString()).ToList();
        _byName = definitions is null
            ? []
            : definitions.Of(ResourceKind.Assistant).ToDictionary(a => a.VapiName, a => AssistantModel.Of(a, definitions), StringComparer.Ordinal);
        problems.AddRange(_options.Lines.Values.Append(_options.DefaultAssistant).OfType<string>().Where(name => !_byName.ContainsKey(name)).Distinct(StringComparer.Ordinal)
            .Select(name => $"{_options.Definitions} defines no assistant {name}, which Voice:Lines or Voice:DefaultAssistant names."));
        if (problems.Count > 0)
        {
            throw new OptionsValidationException(nameof(VoiceOptions), typeof(VoiceOptions), problems);
        }
    }

    /// <summary>Who takes calls to a number; null for nobody.</summary>
    public AssistantModel? For(string number) => Find(_options.Lines.GetValueOrDefault(number) ?? _options.DefaultAssistant);

    public AssistantModel? Find(string? name) => name is null ? null : _byName.GetValueOrDefault(name);

    /// <summary>Those that a line or the default names.</summary>
    public IEnumerable<AssistantModel> InUse => _options.Lines.Values.Append(_options.DefaultAssistant).Distinct(StringComparer.Ordinal).Select(Find).OfType<AssistantModel>();

    public IEnumerable<AssistantModel> All => _byName.Values;
}
