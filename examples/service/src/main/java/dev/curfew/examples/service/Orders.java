package dev.curfew.examples.service;

import dev.curfew.CancelScope;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The orders, in a database. Each call has a connection of its own. */
final class Orders {
    private static final String URL = "jdbc:h2:mem:orders;DB_CLOSE_DELAY=-1";

    Orders() throws SQLException {
        try (Connection c = DriverManager.getConnection(URL);
                var create = c.createStatement()) {
            create.execute(
                    "create table if not exists orders"
                            + " (id identity, item varchar, shipped boolean default false)");
        }
    }

    long add(String item) throws SQLException, InterruptedException {
        try (Connection c = DriverManager.getConnection(URL);
                PreparedStatement insert =
                        c.prepareStatement("insert into orders (item) values (?)", new int[] {1})) {
            insert.setString(1, item);
            CancelScope.onCancel(insert::cancel, () -> insert.executeUpdate());
            try (ResultSet key = insert.getGeneratedKeys()) {
                key.next();
                return key.getLong(1);
            }
        }
    }

    /** Ships what is open. */
    int ship() throws SQLException, InterruptedException {
        return update("update orders set shipped = true where not shipped");
    }

    /** A query that takes very long. */
    int audit() throws SQLException, InterruptedException {
        return update(
                "update orders set item = item where id <"
                        + " (select count(*) from system_range(1, 1000000) a,"
                        + " system_range(1, 1000000) b where a.x + b.x = 0)");
    }

    private static int update(String sql) throws SQLException, InterruptedException {
        try (Connection c = DriverManager.getConnection(URL);
                PreparedStatement update = c.prepareStatement(sql)) {
            return CancelScope.onCancel(update::cancel, () -> update.executeUpdate());
        }
    }
}
