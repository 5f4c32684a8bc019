using System.Buffers;
using ToolBackend.Core.Calls;
using ToolBackend.Vapi.Messages;

namespace ToolBackend.Api.Webhooks;

/// <summary>Who takes a call: the assistant at its start, a desk when the caller wants a person.</summary>
public sealed partial class RoutingDispatcher(CallerGreeting greeting, DeskFinder desks, ILogger<RoutingDispatcher> logger)
{
    public async ValueTask<Action<IBufferWriter<byte>>> AssistantAsync(VapiMessage message)
    {
        var known = await greeting.GetAsync(CallContexts.Of(message));
        AssistantRequestAnswer answer = known switch
        {
            { AssistantId: { } id } => new AssistantRequestAnswer.SavedAssistant(id) { VariableValues = known.Variables },
            { SquadId: { } id } => new AssistantRequestAnswer.SavedSquad(id) { VariableValues = known.Variables },
            _ => Unassigned(),
        };
        return answer.Write;
    }

    public async ValueTask<Action<IBufferWriter<byte>>> TransferAsync(VapiMessage message)
    {
        var (desk, say) = await DeskAsync(message.Parameters, message);
        TransferDestinationAnswer answer = desk is null ? new TransferDestinationAnswer.Refused(say) : new TransferDestinationAnswer.To(new VapiDestination.Number(desk.Number), say);
        return answer.Write;
    }

    /// <summary>The desk for a caller who wants a person.</summary>
    /// <param name="arguments">What the model wrote; a hint. Next to it stands whom the caller was talking to.</param>
    public ValueTask<DeskAnswer> DeskAsync(ReadOnlyMemory<byte> arguments, VapiMessage message) =>
        desks.FindAsync(message.AssistantName is { } assistant ? [.. DeskFinder.Hints(arguments), assistant] : DeskFinder.Hints(arguments));

    /// <summary>Assistants are chosen by the definitions (issue "Assistants as files"), not by data; until a squad asks for it there is nothing to choose from.</summary>
    public ValueTask<Action<IBufferWriter<byte>>> HandoffAsync(VapiMessage message) =>
        ValueTask.FromResult<Action<IBufferWriter<byte>>>(new HandoffDestinationAnswer.Refused("There is nobody else to hand over to. Go on helping the caller yourself.").Write);

    private AssistantRequestAnswer.Refused Unassigned()
    {
        LogUnassigned();
        return new AssistantRequestAnswer.Refused("I'm sorry, nobody can take your call on this line right now. Please try again later.");
    }

    [LoggerMessage(2301, LogLevel.Error, "A call came in on a line without an assistant: set phone_line.assistant_id or Calls:DefaultAssistantId")]
    private partial void LogUnassigned();
}
