using System.Net.WebSockets;

namespace ToolBackend.LocalStack.Simulators.Sockets;

/// <summary>A frame on its way out.</summary>
/// <param name="Payload">Rented; given back by the writer.</param>
/// <param name="Due">Not before this timestamp.</param>
/// <param name="Audio">Bytes of mu-law in it.</param>
/// <param name="Close">When set this is a close frame, and the last.</param>
internal readonly record struct Outgoing(
    string Kind, string Detail, byte[] Payload, int Length, WebSocketMessageType Type, long Due, int Audio = 0, WebSocketCloseStatus? Close = null);
