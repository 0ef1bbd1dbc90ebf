"""The sentences of proofs, each a whole template, so that a definition in another language translates this one table.

They say first what was found, then the limit, then the day of it. They are in the definition's language, English so
far, because a proof is stored with its verdict and read years later. How an answer is told within them is for the
definition to say (`proof` of a field).
"""

from __future__ import annotations

from collections.abc import Mapping

# Between sentences, between the reasons of one, and between what was answered alike
SENTENCE_END = ". "
NEXT_REASON = "; "
NEXT_LABEL = ", "

# A value and its limit
LIMIT = "%(found)s (limit: %(limit)s)"
EXCLUDED = "%(found)s (excluded %(limit)s)"
ALLOWED_ANSWER = "%(found)s (allowed: %(limit)s)"
ONLY_ALLOWED = "%(found)s (allowed: %(limit)s alone)"
NEEDED_ANSWER = "%(found)s (needed: %(limit)s)"
EXCLUDED_ANSWER = "%(found)s (excluded: %(limit)s)"
EXCLUDED_ALONE = "%(found)s (excluded)"
EXCLUDED_BY_ITSELF = "%(found)s (excluded by itself)"
EXEMPT_ANSWER = "%(found)s (exempt: only %(limit)s)"
DATE_HOLDS = "%(found)s, %(limit)s"
FOUND = "%(label)s %(value)s"
ON_DAY = "%(found)s, %(day)s"
ALTERNATIVES = "%(first)s or %(second)s"
BOTH = "%(first)s and %(second)s"
FROM_TO = "%(lowest)s to %(highest)s"
NUMBER_LIMITS: Mapping[str, str] = {
    "<": "below %(limit)s",
    "<=": "at most %(limit)s",
    ">": "above %(limit)s",
    ">=": "at least %(limit)s",
}
EXCLUDING_NUMBERS: Mapping[str, str] = {
    "<": "below %(limit)s",
    "<=": "up to %(limit)s",
    ">": "above %(limit)s",
    ">=": "from %(limit)s",
}
DATE_LIMITS: Mapping[str, str] = {
    "<": "before %(limit)s",
    "<=": "on or before %(limit)s",
    ">": "after %(limit)s",
    ">=": "on or after %(limit)s",
}
COMPUTED_FROM = "%(found)s, from %(inputs)s"
COMPUTED_LIMIT = "%(value)s = %(rule)s"
DAY_LIMIT = "%(day)s (%(rule)s)"
AT_ANY_TIME = "at any time"
TAKEN_AS_DETECTED = "%(found)s (taken as detected: reported without “<”, no limit of detection given)"
TAKEN_AS_UNDETECTED = "%(found)s (taken as not detected: reported with “<”, no limit of detection given)"
ZERO_IS_UNDETECTED = "%(found)s (taken as not detected: reported as 0, no limit of detection given)"
ALL_OF_DAY = "all results of %(day)s"

# Why a value that is known leaves the outcome open
VAGUE = "%(found)s, %(why)s"
NO_EXACT_VALUE = "exact value not known"
DAY_NOT_KNOWN = "day not known"
MONTH_AND_DAY_NOT_KNOWN = "month and day not known"
INCOMPLETE = "%(label)s incomplete"
NOT_COMPUTABLE = "cannot be computed"

# A day and its distance from another one; what is needed or allowed says how long it has to be, or may be
ALONE = "%(found)s"
BEFORE = "%(found)s, %(apart)s before %(anchor)s"
AFTER = "%(found)s, %(apart)s after %(anchor)s"
SAME_DAY = "%(found)s, the same day as %(anchor)s"
EITHER_SIDE = "%(found)s, before or after %(anchor)s"
UNDECIDED = "%(found)s, %(apart)s"
EVEN_THE_FIRST_DAY = "%(found)s, %(part)s; even %(first)s is %(apart)s before %(anchor)s"
DAY_OF_ANCHOR_NOT_KNOWN = "day of %(anchor)s not known"
NEEDED = "%(reason)s; %(length)s needed"
ALLOWED = "%(reason)s; %(length)s allowed"
COUNTED_WITHIN = "%(reason)s (within the %(period)s required)"
IT = "it"  # an anchor that stands in the sentence already
MUST_BE_BEFORE = "%(reason)s; must be %(length)s before %(anchor)s"
MUST_BE_AFTER = "%(reason)s; must be %(length)s after %(anchor)s"
ALSO: Mapping[str, str] = {
    NEEDED: "%(reason)s, and %(length)s needed",
    ALLOWED: "%(reason)s, and %(length)s allowed",
    MUST_BE_BEFORE: "%(reason)s, or %(length)s before it",
    MUST_BE_AFTER: "%(reason)s, or %(length)s after it",
}
SAMPLE_ON = "%(tests)s of %(day)s"
TOO_OLD = "too old: %(found)s, %(apart)s before %(anchor)s (at most %(longest)s): repeat from %(day)s"
THE_SAMPLE = "the sample (%(tests)s)"
LENGTHS: Mapping[str, str] = {
    "<": "less than %(period)s",
    "<=": "at most %(period)s",
    ">": "more than %(period)s",
    ">=": "at least %(period)s",
}
UNITS_AND_REST = "%(units)s %(rest)s"
SHORTEST_TO_LONGEST = "%(shortest)s to %(longest)s"
CLEAR_FROM = "clear with %(anchor)s from %(day)s"
REPEAT_FROM = "repeat the sample from %(day)s"

# Answers
ANSWER = "%(label)s: %(answer)s"
ANSWERS = "%(answer)s: %(labels)s"
NOT_KNOWN = "not known"
WHETHER = "whether %(answer)s"
MISSING = "missing: %(labels)s"
NO_EXCEPTION = "no exception applies"
NOT_ASKED = "not asked"
STATUS_NOT_KNOWN = "status not known"

# Records, and lists of them
RECORD = "%(record)s: %(reasons)s"
RECORD_IS = "%(record)s counts as %(name)s: %(reasons)s"
RECORD_NOT_KNOWN = "%(record)s, not known: %(labels)s"
RECORD_ON_DAY = "%(record)s, %(day)s"
DOES_NOT_COUNT = "%(record)s (does not count)"
OR_AS = "%(first)s or as %(second)s"
WHETHER_IS = "whether %(record)s counts as %(name)s is not known (%(reasons)s)"
BESIDE_RECORD = "beside %(record)s: %(reasons)s"
BESIDE_NAMED = "beside %(record)s, %(name)s: %(reasons)s"
DATED_BY_NAMED = "%(reasons)s of %(record)s, %(name)s"
FIELD_OF_RECORD = "%(field)s of %(record)s"
ENTRY = "%(condition)s (%(status)s)"
NAMED = "counts as %(name)s (%(reasons)s)"
NAMED_ALONE = "counts as %(name)s"
NO_SUCH = "no %(name)s"
NO_RECORD = "no %(item)s recorded"
NO_RECORD_CONFIRMED = "no %(item)s (list confirmed complete)"
NO_OTHER_RECORD = "no other %(item)s recorded"
NO_OTHER_RECORD_CONFIRMED = "no other %(item)s (list confirmed complete)"
NONE_IS = "no %(item)s counts as %(name)s"
NONE_IS_CONFIRMED = "no %(item)s counts as %(name)s (list confirmed complete)"
NO_RECORD_SO_NONE_IS = "%(none)s, so none counts as %(name)s"
NONE_WITHIN = "no %(item)s within %(period)s %(direction)s %(anchor)s"
THE_LAST_RECORD = "%(none)s; the last: %(record)s"
LIST_NOT_CONFIRMED = "list not confirmed complete: %(list)s"

# What would exclude, and what keeps it from doing so
BUT = "%(context)s, but %(reasons)s"
BUT_ALLOWED = "%(context)s, but allowed: %(reasons)s"
ALLOWED_WITHIN = "%(context)s (allowed: %(reasons)s)"
AND_SO = "%(context)s: %(reasons)s"

# Two values beside one another
SAME = "the same %(label)s: %(value)s"
NOT_SAME = "not the same %(label)s: %(value)s, %(other)s"
MAY_BE_SAME = "not known whether the same %(label)s: %(value)s, %(other)s"

# Several conditions of which so many have to hold, and what a value counted
ENOUGH = "%(found)s of %(of)s hold (limit: at least %(needed)s)"
ENOUGH_OPEN = "%(found)s of %(of)s hold, %(open)s not yet known (limit: at least %(needed)s)"
COUNTED = "counted: %(records)s"

# The whole
NOT_APPLICABLE = "not applicable"
IF_IT_APPLIES = "if %(condition)s: %(reasons)s"
FAILS_IF_IT_APPLIES = "not satisfied if %(condition)s: %(reasons)s"
IT_APPLIES = "it applies"
IT_APPLIES_TO = "it applies (%(condition)s)"


def sentences_text(sentences: list[str]) -> str:
    """Return sentences as one line, without the last full stop."""
    return SENTENCE_END.join(map(capitalised_text, sentences))


def capitalised_text(sentence: str) -> str:
    """Return a sentence with a capital first letter, but for a word such as pH."""
    return sentence if sentence[1:2].isupper() else sentence[:1].upper() + sentence[1:]
