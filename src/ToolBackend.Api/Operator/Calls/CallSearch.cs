using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace ToolBackend.Api.Operator.Calls;

/// <summary>
/// The statement of a search. In SQL, each filter in the form that an index of <c>call</c> serves in the order of the list: closed sets and the limit are literals, because
/// partial indexes and the planner's choice between them depend on the value.
/// </summary>
internal static class CallSearch
{
    public static (string Sql, NpgsqlParameter[] Parameters) Statement(CallFilter filter)
    {
        var parameters = new List<NpgsqlParameter>();
        var conditions = new List<string>();
        AddSet("status", CallFilter.Statuses, filter.Status);
        AddSet("ended_class", CallFilter.Classes, filter.Class);
        AddSet("side", CallFilter.Sides, filter.Side);
        AddSet("type", CallFilter.Types, filter.Type);
        if (filter.Open is { } open)
        {
            conditions.Add(open ? "status <> 'ended'" : "status = 'ended'");
        }

        Add("opened_at >= @from", "from", filter.From?.UtcDateTime, NpgsqlDbType.TimestampTz);
        Add("opened_at < @to", "to", filter.To?.UtcDateTime, NpgsqlDbType.TimestampTz);
        Add("caller = @caller", "caller", filter.Caller, NpgsqlDbType.Text);
        Add("coalesce(assistant_name, assistant_id) = @assistant", "assistant", filter.Assistant, NpgsqlDbType.Text);
        Add("words @@ websearch_to_tsquery('simple', @text)", "text", filter.Text, NpgsqlDbType.Text);
        if (filter.After is { } after)
        {
            Add("(opened_at, call_id) < (@at, @id)", "at", after.At.UtcDateTime, NpgsqlDbType.TimestampTz);
            parameters.Add(new NpgsqlParameter("id", NpgsqlDbType.Text) { Value = after.Id });
        }

        var where = conditions.Count == 0 ? "" : "where " + string.Join(" and ", conditions);
        var limit = (filter.Limit + 1).ToString(CultureInfo.InvariantCulture);
        return ($"select {CallLine.Columns} from call {where} order by opened_at desc, call_id desc limit {limit}", [.. parameters]);

        void AddSet(string column, string[] allowed, string? value)
        {
            if (value is not null)
            {
                // A word of our own list, never the client's text.
                conditions.Add($"{column} = '{allowed.Single(a => a == value)}'");
            }
        }

        void Add(string condition, string name, object? value, NpgsqlDbType type)
        {
            if (value is not null)
            {
                conditions.Add(condition);
                parameters.Add(new NpgsqlParameter(name, type) { Value = value });
            }
        }
    }
}
