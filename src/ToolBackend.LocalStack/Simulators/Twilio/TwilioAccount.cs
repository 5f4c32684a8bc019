using System.Globalization;

namespace ToolBackend.LocalStack.Simulators.Twilio;

/// <summary>Numbers and calls of the simulated account.</summary>
public sealed class TwilioAccount
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly SortedDictionary<string, TwilioNumber> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TwilioCall> _calls = new(StringComparer.Ordinal);
    private int _placed;

    internal TwilioAccount(string sid, IEnumerable<string> numbers, TimeProvider time)
    {
        (Sid, _time) = (sid, time);
        foreach (var number in numbers)
        {
            AddNumber(number);
        }
    }

    public string Sid { get; }

    public IReadOnlyList<TwilioNumber> Numbers
    {
        get
        {
            lock (_gate)
            {
                return [.. _numbers.Values];
            }
        }
    }

    public IReadOnlyList<TwilioCall> Calls
    {
        get
        {
            lock (_gate)
            {
                return [.. _calls.Values];
            }
        }
    }

    public TwilioNumber AddNumber(string number)
    {
        lock (_gate)
        {
            return _numbers[number] = new TwilioNumber(Sid, number, _time.GetUtcNow());
        }
    }

    /// <summary>A call that came in and is being talked in, for whoever wants to redirect or end it.</summary>
    public TwilioCall AddLiveCall(string from, string to, string? sid = null)
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            var call = new TwilioCall(Sid, sid ?? NextSid_NeedsLock(), from, to, "inbound", "in-progress", now) { AnsweredAt = now };
            return _calls[call.Sid] = call;
        }
    }

    /// <summary>Somebody, or a machine, has answered a call that was placed.</summary>
    internal void Answer(TwilioCall call)
    {
        lock (_gate)
        {
            (call.Status, call.AnsweredAt) = ("in-progress", _time.GetUtcNow());
        }
    }

    /// <summary>What happens at Twilio when Vapi imports or saves a number: its own addresses are written into it, the fallback address is left alone.</summary>
    public void TakeOverByVapi(string number)
    {
        lock (_gate)
        {
            if (!_numbers.TryGetValue(number, out var taken))
            {
                return;
            }

            taken.VoiceUrl = "https://api.vapi.ai/twilio/inbound_call";
            taken.VoiceMethod = "POST";
            taken.StatusCallback = "https://api.vapi.ai/twilio/status";
            taken.SmsUrl = "https://api.vapi.ai/twilio/sms";
            taken.UpdatedAt = _time.GetUtcNow();
        }
    }

    internal TwilioNumber? FindNumber(string sid)
    {
        lock (_gate)
        {
            return _numbers.Values.FirstOrDefault(number => number.Sid == sid);
        }
    }

    internal TwilioCall? FindCall(string sid)
    {
        lock (_gate)
        {
            return _calls.GetValueOrDefault(sid);
        }
    }

    internal TwilioCall CreateCall(string from, string to, TwilioRedirect first, IReadOnlyDictionary<string, string> created)
    {
        lock (_gate)
        {
            var call = new TwilioCall(Sid, NextSid_NeedsLock(), from, to, "outbound-api", "queued", _time.GetUtcNow()) { Created = created };
            call.Begin(first);
            return _calls[call.Sid] = call;
        }
    }

    /// <summary>Changes a number or a call under the account's lock.</summary>
    internal void Change(Action<DateTimeOffset> change)
    {
        lock (_gate)
        {
            change(_time.GetUtcNow());
        }
    }

    internal void Clear(IEnumerable<string> numbers)
    {
        lock (_gate)
        {
            _numbers.Clear();
            _calls.Clear();
        }

        foreach (var number in numbers)
        {
            AddNumber(number);
        }
    }

    // Never one that was used before, also after a reset.
    private string NextSid_NeedsLock() => TwilioIds.Sid("CA", (_placed++).ToString(CultureInfo.InvariantCulture));
}
