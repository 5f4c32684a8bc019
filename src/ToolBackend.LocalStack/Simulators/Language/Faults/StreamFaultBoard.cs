namespace ToolBackend.LocalStack.Simulators.Language.Faults;

/// <summary>The stream faults that there are now. The first that concerns a request hits it.</summary>
public sealed class StreamFaultBoard
{
    private readonly Lock _gate = new();
    private readonly List<Active> _faults = [];

    public IReadOnlyList<StreamFault> Current
    {
        get
        {
            lock (_gate)
            {
                return [.. _faults.Select(active => active.Fault)];
            }
        }
    }

    public void Add(StreamFault fault)
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

    internal StreamFault? Take(CompletionRequest request)
    {
        lock (_gate)
        {
            foreach (var active in _faults.Where(active => active.Fault.Concerns(request)))
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

    private sealed class Active(StreamFault fault)
    {
        public StreamFault Fault => fault;

        public int Through { get; set; }

        public int? Left { get; set; }
    }
}
