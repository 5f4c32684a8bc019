using System.Buffers;

namespace ToolBackend.Vapi.Messages;

/// <summary>Answer to <c>handoff-destination-request</c>: an assistant, or a sentence why there is none.</summary>
public abstract record HandoffDestinationAnswer
{
    private HandoffDestinationAnswer()
    {
    }

    /// <summary>Hand over; <paramref name="Result"/> is what the history keeps of the tool call.</summary>
    public sealed record To(VapiDestination.Assistant Assistant, string? Result = null) : HandoffDestinationAnswer;

    /// <summary>No hand-over. <paramref name="Error"/> goes to the model and must not be blank.</summary>
    public sealed record Refused(string Error) : HandoffDestinationAnswer;

    public void Write(IBufferWriter<byte> output)
    {
        using var writer = AnswerWriter.Open(output);
        switch (this)
        {
            case To to:
                to.Assistant.Write(writer);
                AnswerWriter.Text(writer, "result", to.Result);
                break;
            case Refused refused:
                AnswerWriter.Text(writer, "error", AnswerWriter.Required(refused.Error, nameof(Refused.Error)));
                break;
        }

        AnswerWriter.Close(writer);
    }
}
