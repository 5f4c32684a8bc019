namespace ToolBackend.LocalStack.Simulators.Http;

/// <summary>The faults that a simulator has now. The first that matches a request hits it.</summary>
public sealed class FaultBoard
{
    private readonly Lock _gate = new();
    private readonly List<Active> _faults = [];

    public IReadOnlyList<SimulatorFault> Current
    {
        get
        {
            lock (_gate)
            {
                return [.. _faults.Select(active => active.Fault)];
            }
        }
    }

    public void Add(SimulatorFault fault)
    {
        lock (_gate)
        {
            _faults.Add(new Active(fault) { Through = fault.After, Left = fault.Times });
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _faults.Clear();
        }
    }

    internal SimulatorFault? Take(string method, string path)
    {
        lock (_gate)
        {
            foreach (var active in _faults.Where(active => Matches(active.Fault, method, path)))
            {
                if (active.Through > 0)
                {
                    active.Through--;
                    continue;
                }

                if (active.Left is not 0)
                {
                    active.Left--;
                    return active.Fault;
                }
            }

            return null;
        }
    }

    private static bool Matches(SimulatorFault fault, string method, string path) =>
        (fault.Method is null || string.Equals(fault.Method, method, StringComparison.OrdinalIgnoreCase))
        && (fault.Path is null || path.StartsWith(fault.Path, StringComparison.Ordinal));

    private sealed class Active(SimulatorFault fault)
    {
        public SimulatorFault Fault => fault;

        public int Through { get; set; }

        public int? Left { get; set; }
    }
}
