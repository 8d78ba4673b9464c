package dev.curfew.examples.service;

/** Runs the service until SIGTERM or Ctrl-C. */
final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        Service service = new Service(args.length > 0 ? Integer.parseInt(args[0]) : 8080);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    System.out.println("stopping");
                                    service.close();
                                    System.out.println("stopped");
                                },
                                "shutdown"));
        System.out.println("listening on http://localhost:" + service.port());
    }
}
