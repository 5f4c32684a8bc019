using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using ToolBackend.Core.Data.Model;

namespace ToolBackend.Api.Operator;

/// <summary>One appointment; times carry the offset of its location.</summary>
public sealed record AppointmentItem(
    string Reference,
    [property: Description("booked, cancelled, completed or no_show.")] string Status,
    DateTimeOffset Starts,
    DateTimeOffset Ends,
    string Service,
    NamedId Practitioner,
    NamedId Location,
    string TimeZone,
    AppointmentCustomer Customer,
    [property: Description("The call that booked it; null when it was not booked by the assistant.")] string? BookedInCall,
    DateTimeOffset CreatedAt,
    DateTimeOffset? CancelledAt);

public sealed record NamedId(int Id, string Name);

public sealed record AppointmentCustomer(string Name, string Phone);

/// <summary><c>GET /appointments</c>: by start, earliest first.</summary>
internal static class ListAppointments
{
    /// <summary>
    /// In SQL because EF writes a range's bound as <c>coalesce(lower(visit), ...)</c>, which the index <c>appointment_start</c> does not serve. Filters are
    /// composed onto it and Postgres merges the two.
    /// </summary>
    private const string Lines = """
        select a.appointment_id as "Id", a.reference as "Reference", a.status as "Status", lower(a.visit) as "Starts", upper(a.visit) as "Ends",
               (lower(a.visit) at time zone l.time_zone)::date as "Day", s.name as "Service", p.practitioner_id as "PractitionerId", p.name as "Practitioner",
               l.location_id as "LocationId", l.name as "Location", l.time_zone as "TimeZone", c.name as "Customer", c.phone::text as "Phone", a.customer_id as "CustomerId",
               a.booked_in_call as "BookedInCall", a.created_at as "CreatedAt", a.cancelled_at as "CancelledAt"
        from appointment a
        join practitioner p on p.practitioner_id = a.practitioner_id
        join location l on l.location_id = a.location_id
        join service s on s.service_id = a.service_id
        join customer c on c.customer_id = a.customer_id
        """;

    public static RouteHandlerBuilder MapListAppointments(this RouteGroupBuilder operatorApi) => operatorApi
        .MapGet("/appointments", HandleAsync)
        .WithName("listAppointments")
        .WithSummary("Appointments by start, earliest first.")
        .WithDescription("Filters add up. A day is the day on the clock of each appointment's location.");

    private static async Task<Results<Ok<Page<AppointmentItem>>, ValidationProblem>> HandleAsync(
        OperatorReads reads,
        [Description("Date at the location, such as 2026-12-01.")] string? day,
        [Description("Id, or a part of the name in any case.")] string? practitioner,
        [Description("The customer's number in E.164; `+` is written %2B in a URL. Proxies log URLs: where that matters use X-Phone.")] string? phone,
        [FromHeader(Name = "X-Phone"), Description("The same as `phone`, outside the URL.")] string? phoneHeader,
        [Description("booked, cancelled, completed or no_show.")] string? status,
        [Description("Page size.")] string? limit,
        [Description("`next` of the page before.")] string? after,
        CancellationToken aborted)
    {
        var read = new QueryReader();
        var filter = new Filter(
            read.Date("day", day),
            read.Text("practitioner", practitioner, 80),
            read.Phone(phone, phoneHeader),
            read.OneOf("status", status, "booked", "cancelled", "completed", "no_show"),
            read.Limit(limit),
            read.After(after, id => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _)));
        if (read.HasErrors)
        {
            return read.Problem();
        }

        var lines = await reads.RunAsync((db, cancellation) => Query(db, filter).ToListAsync(cancellation), aborted);
        return TypedResults.Ok(Page.Of(lines, filter.Limit, l => new PageCursor(l.Starts, l.Id.ToString(CultureInfo.InvariantCulture)), Item));
    }

    private static IQueryable<Line> Query(ToolBackendDb db, Filter filter)
    {
        var lines = db.Database.SqlQueryRaw<Line>(Lines);
        if (filter.Day is { } day)
        {
            // Zones reach from UTC-12 to UTC+14: a wider range that the index serves, then the exact day.
            var from = new DateTimeOffset(day.AddDays(-1), new TimeOnly(10, 0), TimeSpan.Zero);
            var to = new DateTimeOffset(day.AddDays(1), new TimeOnly(12, 0), TimeSpan.Zero);
            lines = lines.Where(l => l.Starts >= from && l.Starts < to && l.Day == day);
        }

        if (filter.Phone is { } phone)
        {
            lines = lines.Where(l => l.CustomerId == db.Customers.Where(c => c.Phone == phone).Select(c => c.CustomerId).FirstOrDefault());
        }

        if (int.TryParse(filter.Practitioner, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            lines = lines.Where(l => l.PractitionerId == id);
        }
        else if (filter.Practitioner is { } name)
        {
            var part = "%" + name.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal) + "%";
            lines = lines.Where(l => EF.Functions.ILike(l.Practitioner, part, @"\"));
        }

        if (filter.Status is { } status)
        {
            lines = lines.Where(l => l.Status == status);
        }

        if (filter.After is { } after)
        {
            var last = long.Parse(after.Id, CultureInfo.InvariantCulture);
            lines = lines.Where(l => EF.Functions.GreaterThan(ValueTuple.Create(l.Starts, l.Id), ValueTuple.Create(after.At, last)));
        }

        return lines.OrderBy(l => l.Starts).ThenBy(l => l.Id).Take(filter.Limit + 1);
    }

    private static AppointmentItem Item(Line l) => new(
        l.Reference, l.Status, l.Starts.In(l.TimeZone), l.Ends.In(l.TimeZone), l.Service, new(l.PractitionerId, l.Practitioner), new(l.LocationId, l.Location), l.TimeZone,
        new(l.Customer, l.Phone), l.BookedInCall, l.CreatedAt.In(l.TimeZone), l.CancelledAt?.In(l.TimeZone));

    private sealed record Filter(DateOnly? Day, string? Practitioner, string? Phone, string? Status, int Limit, PageCursor? After);

    /// <summary>A row of <see cref="Lines"/>.</summary>
    private sealed class Line
    {
        public long Id { get; set; }
        public required string Reference { get; set; }
        public required string Status { get; set; }
        public DateTimeOffset Starts { get; set; }
        public DateTimeOffset Ends { get; set; }
        public DateOnly Day { get; set; }
        public required string Service { get; set; }
        public int PractitionerId { get; set; }
        public required string Practitioner { get; set; }
        public int LocationId { get; set; }
        public required string Location { get; set; }
        public required string TimeZone { get; set; }
        public long CustomerId { get; set; }
        public required string Customer { get; set; }
        public required string Phone { get; set; }
        public string? BookedInCall { get; set; }
        public DateTimeOffset CreatedAt { get; set; }
        public DateTimeOffset? CancelledAt { get; set; }
    }
}
