namespace ToolBackend.LocalStack.Simulators.Language.Rules;

/// <summary>What a caller has said so far, in their own words. Null: not said.</summary>
internal sealed record SaidDetails
{
    public string? Service { get; init; }

    public string? Day { get; init; }

    /// <summary>The day that something is on now: "from Tuesday", "my Tuesday appointment".</summary>
    public string? PresentDay { get; init; }

    public string? Time { get; init; }

    /// <summary>"after two": the earliest time.</summary>
    public string? NotBefore { get; init; }

    /// <summary>morning, afternoon or evening.</summary>
    public string? PartOfDay { get; init; }

    public string? Practitioner { get; init; }

    public string? Name { get; init; }

    public string? Reference { get; init; }

    public string? TrackingNumber { get; init; }

    public string? SafePlace { get; init; }

    public string? PickupPoint { get; init; }

    public bool IsEmpty => this == new SaidDetails();

    /// <summary>What is said later counts.</summary>
    public SaidDetails With(SaidDetails later) => new()
    {
        Service = later.Service ?? Service,
        Day = later.Day ?? Day,
        PresentDay = later.PresentDay ?? PresentDay,
        Time = later.Time ?? Time,
        NotBefore = later.NotBefore ?? NotBefore,
        PartOfDay = later.PartOfDay ?? PartOfDay,
        Practitioner = later.Practitioner ?? Practitioner,
        Name = later.Name ?? Name,
        Reference = later.Reference ?? Reference,
        TrackingNumber = later.TrackingNumber ?? TrackingNumber,
        SafePlace = later.SafePlace ?? SafePlace,
        PickupPoint = later.PickupPoint ?? PickupPoint,
    };
}
