using System.Net.WebSockets;
using ToolBackend.LocalStack.Simulators.Sockets;

namespace ToolBackend.LocalStack.Simulators.ElevenLabs;

/// <summary>One <c>stream-input</c> socket. Kinds of messages sent: <c>audio</c>, <c>final</c>, <c>error</c>.</summary>
internal sealed class StreamInputSession(SimulatorSocket socket, VoiceMessages messages, VoiceQuery query, ElevenLabsSimulatorOptions options, Gatekeeper gatekeeper) : ISocketSession
{
    private readonly long _openedAt = socket.Time.GetTimestamp();
    private VoiceContext? _context;

    public void OnOpen()
    {
        // The client speaks first.
    }

    public void OnBinary(ReadOnlySpan<byte> message) => Invalid("A binary message.");

    public void OnText(ReadOnlySpan<byte> message)
    {
        if (ClientMessage.Read(message) is not { Text: { } text } received)
        {
            Invalid("A message without text.");
            return;
        }

        if (_context is null)
        {
            if (!gatekeeper.Admits(received))
            {
                return;
            }

            if (text.Length == 0)
            {
                Invalid("The first message has an empty text.");
                return;
            }

            _context = new VoiceContext(null, socket, messages, options.Timing, query.IsAuto, received.VoiceSettings);
        }

        if (!_context.Agrees(received.VoiceSettings))
        {
            gatekeeper.SettingsChanged(null);
        }
        else if (!_context.Reschedule(received.Schedule))
        {
            Invalid("chunk_length_schedule must have lengths from 50 to 500.");
        }
        else if (_context.IsClosing)
        {
            socket.Record.AddViolation("A message after the end of the stream.");
        }
        else
        {
            Take(_context, text, received);
        }
    }

    public void OnTick()
    {
        if (_context is not { IsClosing: true } && socket.Time.GetElapsedTime(_context?.ActiveAt ?? _openedAt) >= query.InactivityTimeout)
        {
            gatekeeper.InputTimeout(null, isLast: true);
        }
    }

    public Task OnEndedAsync() => _context?.Speech.Pumping ?? Task.CompletedTask;

    private void Take(VoiceContext context, string text, ClientMessage received)
    {
        context.Touch();
        if (text.Length > 0)
        {
            context.Add(text, received.Trigger);
            if (received.Flush)
            {
                context.Flush(); // no marker tells that it is done
            }

            return;
        }

        context.IsClosing = true;
        context.Flush(() =>
        {
            if (socket.Fault(SocketFaultKind.MissingFinal) is null)
            {
                messages.Final(null);
                socket.Close(WebSocketCloseStatus.NormalClosure, string.Empty);
            }
        });
    }

    private void Invalid(string what)
    {
        socket.Record.AddViolation(what);
        messages.Error("invalid_message", what);
    }
}
