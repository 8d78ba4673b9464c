package dev.curfew.examples;

import dev.curfew.CancelScope;
import dev.curfew.DeadlineExceededException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/** A query that a cancellation ends by {@code Statement.cancel}; the connection stays usable. */
public final class JdbcQuery {
    private JdbcQuery() {}

    /** Runs a query for one number. */
    public static long number(Connection connection, String query)
            throws SQLException, InterruptedException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            CancelScope.checkpoint(); // a cancel before the query begins does nothing
            try (ResultSet rows =
                    CancelScope.onCancel(statement::cancel, () -> statement.executeQuery())) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    public static void main(String[] args) throws Exception {
        String slow = "select count(*) from system_range(1, 1000000) a, system_range(1, 1000000) b";
        try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:")) {
            try {
                CancelScope.withTimeout(Duration.ofMillis(100), () -> number(connection, slow));
            } catch (DeadlineExceededException e) {
                System.out.println("too slow");
            }
            System.out.println(number(connection, "select 42"));
        }
    }
}
