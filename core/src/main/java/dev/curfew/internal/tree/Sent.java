package dev.curfew.internal.tree;

/** What has become of the interrupt under way, see {@link Taking#take}. */
public enum Sent {
    /** None was sent. */
    NONE,
    /** It was sent and is still pending. */
    UNSEEN,
    /** It was sent and something has consumed it. */
    SEEN
}
