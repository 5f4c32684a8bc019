namespace ToolBackend.LocalStack.Simulators.Language.Rules;

/// <summary>What a caller wants done.</summary>
internal enum Wish
{
    None,
    Book,
    Move,
    Cancel,
    TellAppointments,
    TrackParcel,
    ListParcels,
    ChangeDelivery,
}
