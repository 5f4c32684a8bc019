using Microsoft.Extensions.Options;
using Npgsql;
using ToolBackend.Vapi.Sync;
using ToolBackend.Vapi.Sync.State;
using ToolBackend.Voice.Hosting;

namespace ToolBackend.Voice.FrontDoor;

/// <summary>Vapi's ids of assistants and numbers: those of the settings, else what <c>vapi apply</c> has written down, in Postgres or in the definitions folder. Read every minute; a call never waits.</summary>
internal sealed partial class VapiIds(
    IOptions<FrontDoorOptions> options, IOptions<VoiceOptions> voice, Assistants assistants, NpgsqlDataSource database, TimeProvider time, ILogger<VapiIds> logger) : BackgroundService
{
    private static readonly TimeSpan s_look = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_deadline = TimeSpan.FromSeconds(5);

    private volatile SyncState? _state;

    /// <param name="assistant">Its name in the definitions.</param>
    public string? AssistantOf(string assistant) => options.Value.Assistants.GetValueOrDefault(assistant) ?? Applied(SyncKind.Assistant, assistants.FileOf(assistant));

    /// <param name="squad">Its name in the definitions.</param>
    public string? SquadOf(string squad) => Applied(SyncKind.Squad, assistants.SquadFileOf(squad));

    /// <param name="line">E.164.</param>
    public string? NumberOf(string line) => options.Value.PhoneNumbers.GetValueOrDefault(line) ?? Applied(SyncKind.PhoneNumber, assistants.NumberFileOf(line));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var look = new PeriodicTimer(s_look, time);
        do
        {
            await ReadAsync(stoppingToken);
        }
        while (await look.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        using var deadline = new Core.Resilience.Deadline(s_deadline, time, cancellation);
        try
        {
            var environment = voice.Value.Environment;
            _state = await new PostgresStateStore(database, environment).ReadAsync(deadline.Token)
                ?? await new LockFileStore(voice.Value.Definitions, voice.Value.Definitions, environment, voice.Value.Definitions).ReadAsync(deadline.Token);
        }
        catch (Exception e) when (e is NpgsqlException or StateException or TimeoutException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            LogUnread(e.GetType().Name); // the last ones stay in force
        }
    }

    private string? Applied(SyncKind kind, string? file) => file is not null && _state?.Resources.GetValueOrDefault(new ResourceKey(kind, file)) is { } resource ? resource.Id : null;

    [LoggerMessage(3601, LogLevel.Warning, "Vapi's ids of assistants and numbers cannot be read now ({Exception}); those read before stay in force")]
    private partial void LogUnread(string exception);
}
