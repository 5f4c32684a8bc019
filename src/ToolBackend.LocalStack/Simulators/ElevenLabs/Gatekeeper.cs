using ToolBackend.LocalStack.Simulators.Sockets;

namespace ToolBackend.LocalStack.Simulators.ElevenLabs;

/// <summary>What both websockets refuse, in the vendor's words. Key, voice and model are looked at with the first message, not at the upgrade.</summary>
internal sealed class Gatekeeper(SimulatorSocket socket, VoiceMessages messages, VoiceQuery query, ElevenLabsSimulatorOptions options, string voice, string? headerKey)
{
    /// <summary>False when the socket is being closed.</summary>
    public bool Admits(ClientMessage first)
    {
        if (socket.Fault(SocketFaultKind.InvalidKey) is not null || (headerKey ?? first.Key) != options.ApiKey)
        {
            messages.Error(headerKey is null && first.Key is null ? "authentication_required" : "invalid_api_key", "Invalid API key");
            return false;
        }

        if (options.Voices is { } voices && !voices.Contains(voice, StringComparer.Ordinal))
        {
            messages.Error("voice_id_does_not_exist", $"A voice with voice_id '{voice}' does not exist.");
            return false;
        }

        if (!query.IsKnownModel)
        {
            messages.Error("model_not_found", $"A model with model_id '{query.Model}' does not exist.");
            return false;
        }

        return true;
    }

    public void SettingsChanged(string? context)
    {
        socket.Record.AddViolation("voice_settings changed.");
        messages.Error("invalid_voice_settings", "voice_settings field must be provided in the first message and then either be not provided or not change.", context);
    }

    public void TooManyContexts()
    {
        socket.Record.AddViolation($"More than {options.MostContexts} contexts.");
        messages.Error(
            "max_active_conversations",
            $"Maximum simultaneous contexts per WebSocket connection exceeded ({options.MostContexts}). Please close an existing context before opening a new one.");
    }

    public void InputTimeout(string? context, bool isLast) => messages.Error(
        "input_timeout_exceeded",
        $"Have not received a new text input within the timeout of {query.InactivityTimeout.TotalSeconds:0} seconds. Streaming input terminated.",
        context,
        isLast);
}
