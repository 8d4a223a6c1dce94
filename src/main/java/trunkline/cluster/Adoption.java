package trunkline.cluster;

/// What the start of an instance, or of its next life, found about its database.
///
/// @param base the base of its ids
/// @param raised whether ids would not have exceeded earlier ones, so that it was raised
/// @param restored whether the database was restored, copied or rewound, and we were the first to
///   see it
/// @param restores how often that was found; tells a rewind that others have seen already
record Adoption(int base, boolean raised, boolean restored, int restores) {}
