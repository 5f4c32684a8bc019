using Microsoft.Extensions.Options;
using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Definitions.Model;

namespace ToolBackend.Voice.Hosting;

/// <summary>The assistants of the definitions folder, read at start: the very files that Vapi's are made of.</summary>
public sealed class Assistants
{
    private readonly Dictionary<string, AssistantModel> _byName;
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _numberFiles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string File, IReadOnlyList<AssistantModel> Members)> _squads = new(StringComparer.Ordinal);
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
        foreach (var assistant in definitions?.Of(ResourceKind.Assistant) ?? [])
        {
            _files[assistant.VapiName] = assistant.Name;
        }

        foreach (var squad in definitions?.Of(ResourceKind.Squad) ?? [])
        {
            var members = AssistantModel.MembersOf(squad, definitions!);
            _squads[squad.VapiName] = (squad.Name, members);
            foreach (var member in members)
            {
                _byName[member.Key] = member;
            }
        }

        foreach (var number in definitions?.Of(ResourceKind.PhoneNumber) ?? [])
        {
            if (number.Body["number"] is System.Text.Json.Nodes.JsonValue value && value.TryGetValue<string>(out var e164))
            {
                _numberFiles[e164] = number.Name;
            }
        }

        problems.AddRange(_options.Lines.Values.Append(_options.DefaultAssistant).OfType<string>().Where(name => Find(name) is null).Distinct(StringComparer.Ordinal)
            .Select(name => $"{_options.Definitions} defines no assistant or squad {name}, which Voice:Lines or Voice:DefaultAssistant names."));
        if (problems.Count > 0)
        {
            throw new OptionsValidationException(nameof(VoiceOptions), typeof(VoiceOptions), problems);
        }
    }

    /// <summary>Who takes calls to a number; null for nobody.</summary>
    public AssistantModel? For(string number) => Find(_options.Lines.GetValueOrDefault(number) ?? _options.DefaultAssistant);

    /// <summary>The name of an assistant's file, without its extension; null for one that is not defined.</summary>
    public string? FileOf(string assistant) => _files.GetValueOrDefault(assistant);

    /// <summary>The name of the file of a number in E.164.</summary>
    public string? NumberFileOf(string number) => _numberFiles.GetValueOrDefault(number);

    /// <summary>The number that calls of an assistant are placed from: the one that is its own, else the only one there is; null when that is not one.</summary>
    public string? LineOf(string assistant)
    {
        var own = _options.Lines.Where(l => l.Value == assistant).Select(l => l.Key).ToList();
        return own is [var its] ? its : own.Count == 0 && _options.Lines.Keys.Union(_numberFiles.Keys, StringComparer.Ordinal).ToList() is [var only] ? only : null;
    }

    /// <param name="name">Of an assistant, of a squad's member with the squad's before it (<see cref="AssistantModel.Key"/>), or of a squad: its first member.</param>
    public AssistantModel? Find(string? name) => name is null ? null : _byName.GetValueOrDefault(name) ?? (_squads.GetValueOrDefault(name).Members is [var first, ..] ? first : null);

    /// <summary>Whom a member of a squad hands its caller to, or an assistant that took one over at Vapi: in the same squad if it is there.</summary>
    public AssistantModel? Find(AssistantModel from, string? name) => name is null ? null : (from.Squad is { } squad ? Find(AssistantModel.KeyOf(squad, name)) : null) ?? Find(name);

    /// <summary>The name of a squad's file, without its extension; null for one that is not defined.</summary>
    public string? SquadFileOf(string squad) => _squads.GetValueOrDefault(squad).File;

    /// <summary>Those that a line or the default names, of a squad all members.</summary>
    public IEnumerable<AssistantModel> InUse => _options.Lines.Values.Append(_options.DefaultAssistant).OfType<string>().Distinct(StringComparer.Ordinal)
        .SelectMany(name => _squads.TryGetValue(name, out var squad) && !_byName.ContainsKey(name) ? squad.Members : Find(name) is { } one ? [one] : []);

    public IEnumerable<AssistantModel> All => _byName.Values;
}
