namespace ToolBackend.LocalStack.Simulators.Sockets;

/// <summary>The faults of one connection, waiting for their amount of audio or at work.</summary>
internal sealed class ArmedFaults
{
    private readonly Lock _gate = new();
    private readonly List<(SocketFault Fault, long At)> _waiting = [];
    private readonly List<SocketFault> _atWork = [];
    private long _audio;

    /// <summary>False in the usual case, without a lock.</summary>
    public bool IsAny { get; private set; }

    /// <returns>Whether it begins now.</returns>
    public bool Arm(SocketFault fault)
    {
        lock (_gate)
        {
            IsAny = true;
            if (fault.After > TimeSpan.Zero)
            {
                _waiting.Add((fault, _audio + Audio.MuLaw.Bytes(fault.After)));
                return false;
            }

            _atWork.Add(fault);
            return true;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _waiting.Clear();
            _atWork.Clear();
            IsAny = false;
        }
    }

    /// <returns>The faults that begin with this audio.</returns>
    public IReadOnlyList<SocketFault> Move(int bytes)
    {
        lock (_gate)
        {
            _audio += bytes;
            if (_waiting.Count == 0)
            {
                return [];
            }

            List<SocketFault> due = [.. _waiting.Where(waiting => waiting.At <= _audio).Select(waiting => waiting.Fault)];
            _waiting.RemoveAll(waiting => waiting.At <= _audio);
            _atWork.AddRange(due);
            return due;
        }
    }

    /// <summary>Null when there is none of this kind at work.</summary>
    public SocketFault? Find(SocketFaultKind kind)
    {
        if (!IsAny)
        {
            return null;
        }

        lock (_gate)
        {
            return _atWork.FirstOrDefault(fault => fault.Kind == kind);
        }
    }
}
