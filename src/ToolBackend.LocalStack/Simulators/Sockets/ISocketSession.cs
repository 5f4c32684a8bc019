namespace ToolBackend.LocalStack.Simulators.Sockets;

/// <summary>A vendor's side of one websocket. Calls never overlap, and none waits.</summary>
internal interface ISocketSession
{
    void OnOpen();

    void OnBinary(ReadOnlySpan<byte> message);

    void OnText(ReadOnlySpan<byte> message);

    /// <summary>About every 100 ms: time-outs.</summary>
    void OnTick();

    /// <summary>The socket has ended. What the session has started must end.</summary>
    Task OnEndedAsync();
}
