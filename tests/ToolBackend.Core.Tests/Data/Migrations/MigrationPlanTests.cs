using ToolBackend.Core.Data.Migrations;

namespace ToolBackend.Core.Tests.Data.Migrations;

public sealed class MigrationPlanTests
{
    private static readonly DateTimeOffset Applied = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);
    private static readonly MigrationFile One = MigrationFile.Parse("0001_one.sql", "select 1;\n");
    private static readonly MigrationFile Two = MigrationFile.Parse("0002_two.sql", "select 2;\n");
    private static readonly MigrationFile Three = MigrationFile.Parse("0003_three.sql", "select 3;\n");

    [Fact]
    public void What_was_not_applied_is_pending()
    {
        var plan = MigrationPlan.Compare([One, Two], [Row(One)]);

        plan.ShouldBe([new(1, One.Name, MigrationState.Applied, Applied), new(2, Two.Name, MigrationState.Pending, null)]);
        plan.Select(MigrationPlan.Refusal).ShouldAllBe(refusal => refusal == null);
    }

    [Fact]
    public void An_applied_file_with_another_text_is_edited() =>
        StateOf(2, MigrationPlan.Compare([One, Two with { Sql = "select 22;\n" }], [Row(One), Row(Two)])).ShouldBe(MigrationState.Edited);

    [Fact]
    public void An_applied_file_with_another_name_is_edited() =>
        StateOf(2, MigrationPlan.Compare([One, Two with { Name = "0002_zwei.sql" }], [Row(One), Row(Two)])).ShouldBe(MigrationState.Edited);

    [Fact]
    public void An_applied_file_that_is_gone_is_missing() =>
        StateOf(2, MigrationPlan.Compare([One], [Row(One), Row(Two)])).ShouldBe(MigrationState.Missing);

    [Fact]
    public void A_new_file_below_the_newest_applied_is_out_of_order() =>
        StateOf(2, MigrationPlan.Compare([One, Two, Three], [Row(One), Row(Three)])).ShouldBe(MigrationState.OutOfOrder);

    [Fact]
    public void Every_state_that_is_neither_applied_nor_pending_is_refused()
    {
        foreach (var state in Enum.GetValues<MigrationState>())
        {
            var refused = MigrationPlan.Refusal(new MigrationStatus(1, One.Name, state, null)) is not null;
            refused.ShouldBe(state is not (MigrationState.Applied or MigrationState.Pending), state.ToString());
        }
    }

    [Fact]
    public void Line_ends_and_a_byte_order_mark_do_not_change_the_checksum() =>
        MigrationFile.Parse("0001_one.sql", "\uFEFFa\r\nb\r\n").Checksum.ShouldBe(MigrationFile.Parse("0001_one.sql", "a\nb\n").Checksum);

    [Theory]
    [InlineData("1_one.sql")]
    [InlineData("one.sql")]
    [InlineData("+001_one.sql")]
    public void A_file_without_a_number_is_refused_by_name(string name) =>
        Should.Throw<MigrationException>(() => MigrationFile.Parse(name, "")).File.ShouldBe(name);

    [Fact]
    public void The_built_in_files_are_numbered_without_a_gap()
    {
        var versions = MigrationFile.Embedded().Select(file => file.Version).ToArray();

        versions.ShouldNotBeEmpty();
        versions.ShouldBe(Enumerable.Range(1, versions.Length));
    }

    private static AppliedMigration Row(MigrationFile file) => new(file.Version, file.Name, file.Checksum, Applied);

    private static MigrationState StateOf(int version, IReadOnlyList<MigrationStatus> plan) =>
        plan.Single(status => status.Version == version).State;
}
