using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace ToolBackend.Core.Tests.Data.Model;

/// <summary>
/// A schema as a set of sentences, one per column, key, plain unique index and foreign key, so that two schemas are compared as
/// sets and the difference reads by itself.
/// </summary>
internal static class SchemaFacts
{
    // Bookkeeping that no query maps.
    private const string FromServer = """
        with mapped as (
          select oid, relname from pg_class
          where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition and relname not in ('schema_migration', 'cache_epoch')),
        columns_of as (
          select format('%s(%s)', relname, string_agg(attname, ', ' order by place)) as named, owner, kind
          from (
            select relname, attname, place, indexrelid as owner, case when indisprimary then 'key' else 'unique' end as kind
            from pg_index join mapped on oid = indrelid, unnest(indkey::int2[]) with ordinality as k(number, place)
            join pg_attribute on attnum = number
            where attrelid = indrelid and indisunique and indpred is null and indexprs is null
          ) parts group by relname, owner, kind)
        select format('column %s.%s %s%s%s', relname, attname, format_type(atttypid, atttypmod),
                      case when attnotnull then ' not null' end, case when attidentity = 'a' then ' identity' end)
        from mapped join pg_attribute on attrelid = mapped.oid where attnum > 0 and not attisdropped
        union
        select kind || ' ' || named from columns_of
        union
        select format('foreign key %s(%s) to %s(%s) on delete %s', mapped.relname,
                      (select string_agg(attname, ', ' order by place) from unnest(conkey) with ordinality as k(number, place)
                       join pg_attribute on attnum = number and attrelid = conrelid),
                      confrelid::regclass,
                      (select string_agg(attname, ', ' order by place) from unnest(confkey) with ordinality as k(number, place)
                       join pg_attribute on attnum = number and attrelid = confrelid),
                      case confdeltype when 'a' then 'NoAction' when 'c' then 'Cascade' else confdeltype::text end)
        from pg_constraint join mapped on mapped.oid = conrelid where contype = 'f'
        """;

    public static async Task<SortedSet<string>> ReadAsync(NpgsqlDataSource dataSource)
    {
        var facts = new SortedSet<string>(StringComparer.Ordinal);
        await using var command = dataSource.CreateCommand(FromServer);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            facts.Add(reader.GetString(0));
        }
        return facts;
    }

    public static SortedSet<string> Of(IModel model) => new(model.GetRelationalModel().Tables.SelectMany(FactsOf), StringComparer.Ordinal);

    private static IEnumerable<string> FactsOf(ITable table)
    {
        foreach (var column in table.Columns)
        {
            var identity = column.PropertyMappings[0].Property.GetValueGenerationStrategy() == NpgsqlValueGenerationStrategy.IdentityAlwaysColumn;
            yield return $"column {table.Name}.{column.Name} {column.StoreType}{(column.IsNullable ? "" : " not null")}{(identity ? " identity" : "")}";
        }
        yield return $"key {Named(table.Name, table.PrimaryKey!.Columns)}";
        foreach (var unique in table.UniqueConstraints.Where(unique => !unique.GetIsPrimaryKey()))
        {
            yield return $"unique {Named(table.Name, unique.Columns)}";
        }
        foreach (var index in table.Indexes.Where(index => index.IsUnique))
        {
            yield return $"unique {Named(table.Name, index.Columns)}";
        }
        foreach (var key in table.ForeignKeyConstraints)
        {
            yield return $"foreign key {Named(table.Name, key.Columns)} to {Named(key.PrincipalTable.Name, key.PrincipalColumns)} on delete {key.OnDeleteAction}";
        }
    }

    private static string Named(string table, IEnumerable<IColumn> columns) => $"{table}({string.Join(", ", columns.Select(column => column.Name))})";
}
