using System.Buffers;

namespace ToolBackend.Vapi.Messages;

/// <summary>Answer to the legacy <c>function-call</c>: <c>{"result":"..."}</c>, also for failures; the old shape has no error member.</summary>
public sealed record FunctionCallAnswer(string Result)
{
    public void Write(IBufferWriter<byte> output)
    {
        using var writer = AnswerWriter.Open(output);
        AnswerWriter.Text(writer, "result", Result);
        AnswerWriter.Close(writer);
    }
}
