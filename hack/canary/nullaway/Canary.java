import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/// Dereferences what may be null: NullAway.
@NullMarked
final class Canary {

    private Canary() {}

    static int length(@Nullable String text) {
        return text.length();
    }
}
