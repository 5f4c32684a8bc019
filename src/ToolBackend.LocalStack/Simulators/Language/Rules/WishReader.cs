using System.Text.RegularExpressions;

namespace ToolBackend.LocalStack.Simulators.Language.Rules;

/// <summary>Understands what one utterance asks for.</summary>
internal static partial class WishReader
{
    public static Wish Read(string text) =>
        Cancel().IsMatch(text) ? Wish.Cancel
        : ChangeDelivery().IsMatch(text) ? Wish.ChangeDelivery
        : Move().IsMatch(text) ? Wish.Move
        : ListParcels().IsMatch(text) ? Wish.ListParcels
        : Track().IsMatch(text) ? Wish.TrackParcel
        : Tell().IsMatch(text) ? Wish.TellAppointments
        : Book().IsMatch(text) ? Wish.Book
        : Wish.None;

    public static bool WantsPerson(string text) => Person().IsMatch(text);

    public static bool SaysGoodbye(string text) => Goodbye().IsMatch(text);

    /// <summary>A clear yes, without a but.</summary>
    public static bool SaysYes(string text) => Yes().IsMatch(text) && !Doubt().IsMatch(text);

    public static bool SaysNo(string text) => No().IsMatch(text);

    [GeneratedRegex(@"\bcancel(?!led)\b|\bcall off\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Cancel();

    [GeneratedRegex(@"\b(leave|put|drop) (it|them|the (parcel|package))\b|safe place|pick-?\s?up point|pick (it|them) up|collect (it|them)|chang\w* (the |my )?deliver|redeliver|deliver\w* (it |them |my parcel |the parcel )?(on|another|a different|next|tomorrow|later)|another (delivery )?day|different day", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ChangeDelivery();

    [GeneratedRegex(@"\b(move|reschedul\w*|postpone|push|bring forward|shift)\b|chang\w* (my |the )?(appointment|time|visit)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Move();

    [GeneratedRegex(@"(which|what|how many|all|any)( of)?( my| other| the)? (parcels|packages|deliveries)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ListParcels();

    [GeneratedRegex(@"\b(parcels?|packages?|shipment|tracking|track|my order)\b|when (will|does|is) (it|my delivery) (arrive|come|coming|here)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Track();

    [GeneratedRegex(@"when('s| is| was)? .*\b(appointment|visit)\b|(what|which|any|my) (upcoming )?appointments\b|(do|did) i (have|make) an appointment|what time is my appointment", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Tell();

    [GeneratedRegex(@"\b(book|appointment|schedule|opening|come in|check-?\s?up|cleaning|filling|consultation)\b|see (the|a) (doctor|dentist)|(anything|something|what.s) (free|available)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Book();

    [GeneratedRegex(@"\b(speak|talk|put me through|connect me|transfer me)\b.*\b(person|human|someone|somebody|agent|representative|colleague|receptionist|desk)\b|\b(operator|a real person)\b|^(transfer|connect) me", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Person();

    [GeneratedRegex(@"\b(good)?bye\b|that('s| is|'ll be| will be) (all|it)\b|nothing else|\bno,? (thanks|thank you)|hang up", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Goodbye();

    [GeneratedRegex(@"^\W*((oh|ah|um|uh),? )?(yes|yeah|yep|yup|sure|ok(ay)?|correct|right|exactly|perfect|great|please( do)?|go ahead|do (it|that)|sounds good|that('s| is) (right|correct|fine|good)|that works|fine)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Yes();

    [GeneratedRegex(@"\b(but|actually|wait|instead|no|not|rather)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Doubt();

    [GeneratedRegex(@"^\W*((oh|ah|um|uh|sorry),? )?(no|nope|nah|don't|do not|never ?mind|wait|leave it as it is)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex No();
}
