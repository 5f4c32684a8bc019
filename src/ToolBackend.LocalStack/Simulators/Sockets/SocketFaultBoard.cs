namespace ToolBackend.LocalStack.Simulators.Sockets;

/// <summary>The faults of a simulator's websockets: for those that will open and, where asked, those that are open.</summary>
public sealed class SocketFaultBoard
{
    private readonly Lock _gate = new();
    private readonly List<Pending> _pending = [];
    private readonly HashSet<SimulatorSocket> _open = [];

    public IReadOnlyList<SocketFault> Current
    {
        get
        {
            lock (_gate)
            {
                return [.. _pending.Select(pending => pending.Fault)];
            }
        }
    }

    public void Add(SocketFault fault)
    {
        SimulatorSocket[] open;
        lock (_gate)
        {
            _pending.Add(new Pending(fault) { Left = fault.Times });
            open = fault.Open ? [.. _open.Where(socket => Matches(fault, socket))] : [];
        }

        foreach (var socket in open)
        {
            socket.Arm(fault);
        }
    }

    /// <summary>Open connections are themselves again too; what was closed stays closed.</summary>
    public void Clear()
    {
        SimulatorSocket[] open;
        lock (_gate)
        {
            _pending.Clear();
            open = [.. _open];
        }

        foreach (var socket in open)
        {
            socket.Disarm();
        }
    }

    internal void Attach(SimulatorSocket socket)
    {
        var hits = new List<SocketFault>();
        lock (_gate)
        {
            _open.Add(socket);
            foreach (var pending in _pending.Where(pending => pending.Left is not 0 && Matches(pending.Fault, socket)))
            {
                pending.Left--;
                hits.Add(pending.Fault);
            }
        }

        hits.ForEach(socket.Arm);
    }

    internal void Detach(SimulatorSocket socket)
    {
        lock (_gate)
        {
            _open.Remove(socket);
        }
    }

    private static bool Matches(SocketFault fault, SimulatorSocket socket) =>
        fault.Path is null || socket.Record.Path.StartsWith(fault.Path, StringComparison.Ordinal);

    private sealed class Pending(SocketFault fault)
    {
        public SocketFault Fault => fault;

        public int? Left { get; set; }
    }
}
