using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ToolBackend.Api.Tests.Security;

/// <summary>Every text that the product's exporter could send: spans of the three sources it exports, and the tags of all metrics of the process.</summary>
public sealed class ExportedTelemetry : IDisposable
{
    private readonly ConcurrentDictionary<string, byte> _texts = new(StringComparer.Ordinal);
    private readonly ActivityListener _spans;
    private readonly MeterListener _metrics = new();

    public ExportedTelemetry()
    {
        _spans = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "ToolBackend" or "Microsoft.AspNetCore" or "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Keep,
        };
        ActivitySource.AddActivityListener(_spans);
        _metrics.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        Listen<byte>();
        Listen<short>();
        Listen<int>();
        Listen<long>();
        Listen<float>();
        Listen<double>();
        Listen<decimal>();
        _metrics.Start();
    }

    /// <summary>Source or instrument, then what it said; each text once.</summary>
    public IReadOnlyCollection<string> Texts
    {
        get
        {
            _metrics.RecordObservableInstruments();
            return [.. _texts.Keys];
        }
    }

    public void Dispose()
    {
        _spans.Dispose();
        _metrics.Dispose();
    }

    private void Listen<T>() where T : struct => _metrics.SetMeasurementEventCallback<T>((instrument, _, tags, _) =>
    {
        foreach (var (name, value) in tags)
        {
            _texts.TryAdd($"{instrument.Name}: {name}={value}", 0);
        }
    });

    private void Keep(Activity span)
    {
        Add(span, $"{span.OperationName} {span.DisplayName} {span.StatusDescription} {span.TraceStateString}");
        foreach (var (name, value) in span.TagObjects)
        {
            Add(span, $"{name}={value}");
        }

        foreach (var (name, value) in span.Baggage)
        {
            Add(span, $"{name}={value}");
        }

        foreach (var happened in span.Events)
        {
            Add(span, happened.Name);
            foreach (var (name, value) in happened.Tags)
            {
                Add(span, $"{name}={value}");
            }
        }
    }

    private void Add(Activity span, string text) => _texts.TryAdd($"{span.Source.Name}: {text}", 0);
}
