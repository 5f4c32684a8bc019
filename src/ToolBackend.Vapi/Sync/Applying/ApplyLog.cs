using ToolBackend.Vapi.Definitions;
using ToolBackend.Vapi.Rest;
using ToolBackend.Vapi.Sync.Planning;
using ToolBackend.Vapi.Twilio;

namespace ToolBackend.Vapi.Sync.Applying;

/// <summary>What happened so far, and with it what need not be tried any more.</summary>
internal sealed class ApplyLog(Action<ApplyEvent>? onEvent)
{
    private readonly List<ApplyEvent> _events = [];
    private readonly HashSet<ResourceKey> _failed = [];
    private Exception? _hopeless;

    public IReadOnlyList<ApplyEvent> Events => _events;

    public bool HasFailed => _failed.Count > 0;

    /// <summary>Null: it can be tried.</summary>
    public Exception? ReasonToSkip(PlannedResource resource) =>
        _hopeless
        ?? (resource.Wanted?.References.Where(_failed.Contains).Take(1).ToList() is [var needed] ? new InvalidOperationException($"it needs {needed}, which failed") : null)
        ?? (_failed.Contains(resource.Key) ? new InvalidOperationException("an earlier step of it failed") : null)
        // The addresses of a number are set after its save: an earlier value would not last.
        ?? (resource.Key.Kind == SyncKind.NumberRouting && _failed.Contains(new ResourceKey(SyncKind.PhoneNumber, resource.Key.Name)) ? new InvalidOperationException("the number itself failed") : null);

    public async Task RunAsync(PlannedResource resource, bool linking, Func<Task> act)
    {
        Add(new ApplyEvent(ApplyEventKind.Started, resource.Key, resource.Action, linking));
        try
        {
            await act();
            Add(new ApplyEvent(ApplyEventKind.Done, resource.Key, resource.Action, linking));
        }
        catch (Exception error) when (error is VapiApiException or TwilioApiException or SecretUnsetException)
        {
            _failed.Add(resource.Key);
            if (error is VapiApiException { Failure: VapiFailure.Auth or VapiFailure.Unavailable or VapiFailure.RateLimited } or TwilioApiException { Failure: TwilioFailure.Auth })
            {
                _hopeless = error;
            }

            Add(new ApplyEvent(ApplyEventKind.Failed, resource.Key, resource.Action, linking) { Error = error });
        }
    }

    public void Skip(PlannedResource resource, Exception reason)
    {
        _failed.Add(resource.Key);
        Add(new ApplyEvent(ApplyEventKind.Skipped, resource.Key, resource.Action) { Error = reason });
    }

    private void Add(ApplyEvent happened)
    {
        _events.Add(happened);
        onEvent?.Invoke(happened);
    }
}
