using ToolBackend.LocalStack.Simulators.Sockets;

namespace ToolBackend.LocalStack.Simulators.Deepgram;

/// <summary>Text messages of <c>/v1/speak</c> as they are on the wire.</summary>
internal sealed class SpeakMessages(SimulatorSocket socket, string model, string requestId)
{
    private const string ModelId = "0f1c6a34-52a8-4c8e-bb43-9d0f6f8f5a02";

    private int _sequence;

    public void Metadata() => socket.SendJson("Metadata", string.Empty, json =>
    {
        json.WriteString("type", "Metadata");
        json.WriteString("request_id", requestId);
        json.WriteString("model_name", model);
        json.WriteString("model_version", "2025-01-09.0");
        json.WriteString("model_uuid", ModelId);
        json.WriteStartArray("additional_model_uuids");
        json.WriteEndArray();
    });

    public void Flushed() => Numbered("Flushed", TimeSpan.Zero);

    public void Cleared(TimeSpan delay) => Numbered("Cleared", delay);

    public void Warning(string description) => Described("Warning", "EXCESSIVE_FLUSH", description);

    public void Error(string description) => Described("Error", "DATA-0000", description);

    private void Numbered(string type, TimeSpan delay) => socket.SendJson(type, string.Empty, json =>
    {
        json.WriteString("type", type);
        json.WriteNumber("sequence_id", _sequence++);
    }, delay);

    private void Described(string type, string code, string description) => socket.SendJson(type, description, json =>
    {
        json.WriteString("type", type);
        json.WriteString("description", description);
        json.WriteString("code", code);
    });
}
