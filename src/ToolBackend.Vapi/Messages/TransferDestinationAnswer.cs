using System.Buffers;

namespace ToolBackend.Vapi.Messages;

/// <summary>Answer to <c>transfer-destination-request</c>: a destination, or a sentence why there is none.</summary>
public abstract record TransferDestinationAnswer
{
    private TransferDestinationAnswer()
    {
    }

    /// <summary>Transfer; <paramref name="Announcement"/> is said first when given.</summary>
    public sealed record To(VapiDestination Destination, string? Announcement = null) : TransferDestinationAnswer;

    /// <summary>No transfer. <paramref name="Error"/> goes to the model and must not be blank.</summary>
    public sealed record Refused(string Error) : TransferDestinationAnswer;

    public void Write(IBufferWriter<byte> output)
    {
        using var writer = AnswerWriter.Open(output);
        switch (this)
        {
            case To to:
                to.Destination.Write(writer);
                if (to.Announcement is not null)
                {
                    writer.WriteStartObject("message"u8);
                    writer.WriteString("type"u8, "request-start"u8);
                    AnswerWriter.Text(writer, "content", to.Announcement);
                    writer.WriteEndObject();
                }

                break;
            case Refused refused:
                AnswerWriter.Text(writer, "error", AnswerWriter.Required(refused.Error, nameof(Refused.Error)));
                break;
        }

        AnswerWriter.Close(writer);
    }
}
