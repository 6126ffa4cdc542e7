// The agent's wire format. Open, because Gson reads and writes the records by reflection.
open module io.paas.wire {
    exports io.paas.wire;

    requires transitive com.google.gson;
    requires static transitive org.jspecify;
}
