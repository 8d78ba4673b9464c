package dev.curfew.conformance;

import java.util.List;

/**
 * Cases that the shape of the API makes impossible: code that would bring them about does not
 * compile.
 */
enum CannotBeWritten {
    COMPLETE_A_TASK(
            "A task has no method that sets its outcome.",
            List.of("TC25"),
            "void outside(Task<Integer> task) { task.complete(1); }",
            "compiler.err.cant.resolve.location.args",
            "void outside(Task<Integer> task) { task.cancel(); }"),
    A_TASK_OF_ONES_OWN(
            "Task is sealed, so nobody can make one whose outcome comes from elsewhere.",
            List.of("TC25"),
            "abstract class Mine implements Task<Integer> {}",
            "compiler.err.cant.inherit.from.sealed",
            "abstract class Mine implements Work<Integer, RuntimeException> {}"),
    A_SCOPE_BEFORE_ITS_WORK(
            "A scope exists from the entry of its work to its end; there is none to hold before.",
            List.of("TC26", "TO21"),
            "CancelScope early() { return new CancelScope(); }",
            "compiler.err.cant.apply.symbol",
            "CancelScope early() { return CancelScope.current(); }"),
    ENTER_A_SCOPE_AGAIN(
            "A scope is not entered by its handle: it is no resource, and has no method for it.",
            List.of("TC27", "TC28"),
            "void again(CancelScope scope) throws Exception { try (scope) { } }",
            "compiler.err.prob.found.req",
            "void again(CancelScope scope) throws Exception { scope.cancel(); }"),
    ENTER_A_GROUP_AGAIN(
            "A group is not entered by its handle.",
            List.of("TC27"),
            "void again(TaskGroup group) throws Exception { try (group) { } }",
            "compiler.err.prob.found.req",
            "void again(TaskGroup group) throws Exception { group.join(); }"),
    CLOSE_A_BLOCK(
            "A block ends with its body; who is handed its group cannot close it.",
            List.of("TC28", "TC29", "CL13"),
            "void outOfOrder(TaskGroup outer) { outer.close(); }",
            "compiler.err.cant.resolve.location.args",
            "void outOfOrder(TaskGroup outer) { outer.cancel(); }"),
    LEAVE_AN_OUTER_SCOPE(
            "Inside an inner block, the outer one's lambda cannot be left.",
            List.of("TC29", "CL13"),
            """
            int outer() throws Exception {
                return CancelScope.shield(() -> {
                    TaskGroup.run(inner -> { return 1; });
                    return 2;
                });
            }\
            """,
            "compiler.err.cant.apply.symbols",
            """
            int outer() throws Exception {
                return CancelScope.shield(() -> {
                    TaskGroup.run(inner -> { return; });
                    return 2;
                });
            }\
            """),
    A_SERVICE_GROUP_AS_A_RESOURCE(
            "A service group is no resource: at the brace it would cancel what everybody expects"
                    + " to be waited for.",
            List.of("CU01"),
            "void brace() { try (var group = ServiceGroup.open(\"x\")) { } }",
            "compiler.err.prob.found.req",
            "void brace() { var group = ServiceGroup.open(\"x\"); group.close(); }"),
    FORK_WITHOUT_A_GROUP(
            "A fork needs a group.",
            List.of("TG04"),
            "void loose() { TaskGroup.fork(() -> 1); }",
            "compiler.err.non-static.cant.be.ref",
            "void loose(TaskGroup group) { group.fork(() -> 1); }"),
    SWITCH_A_SHIELD(
            "A shield is a stretch of code; there is no switch.",
            List.of("SH04"),
            "void off(CancelScope scope) { scope.shield(false); }",
            "compiler.err.cant.apply.symbols",
            "void on() throws Exception { CancelScope.shield(() -> 1); }"),
    FORGET_ONES_OWN_CANCELLATION(
            "A wait throws a checked exception: code that does not mention it does not compile.",
            List.of("CU02"),
            "Integer silent(Task<Integer> task) { return task.await(); }",
            "compiler.err.unreported.exception.need.to.catch.or.throw",
            "Integer silent(Task<Integer> task) throws InterruptedException"
                    + " { return task.await(); }");

    final String why;
    final List<String> ids;

    /** Members of a class that imports the library's package. */
    final String snippet;

    /** The code of javac's message. */
    final String error;

    /** The nearest thing that can be written, which shows that the snippet fails for its reason. */
    final String twin;

    CannotBeWritten(String why, List<String> ids, String snippet, String error, String twin) {
        this.why = why;
        this.ids = ids;
        this.snippet = snippet;
        this.error = error;
        this.twin = twin;
    }
}
