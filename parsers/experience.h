#ifndef PARSERS_EXPERIENCE_H
#define PARSERS_EXPERIENCE_H

#include <stdbool.h>

#include "core/signal.h"
#include "parsers/sections.h"
#include "parsers/spots.h"

/*
 * The years of experience that a text asks for (TAXONOMY 5, end): a total or labelled
 * statement first, then the largest of the first three general ones, then the largest
 * bound to a skill (low confidence). Alternatives by degree: the least demanding.
 * Company ages, bonds, vesting, leave, degree lengths and the like are not experience.
 */
enum experience_scope { EXPERIENCE_NONE, EXPERIENCE_SKILL, EXPERIENCE_TOTAL };

/*
 * `in`: a text with its spots. `is_field`: the text is a source's own experience field, where a
 * bare "3-6" means years. `parts` may be NULL; parts that speak of the company, benefits or
 * preferences do not count. With EXPERIENCE_NONE, *ret holds -1 and -1. ret->from.field is
 * FIELD_EXPERIENCE or FIELD_TEXT.
 */
enum experience_scope experience_read(const struct spots *in, bool is_field,
                                      const struct text_parts *parts, struct experience *ret);

/* An intern's ad that names no years, where it speaks to students: none are asked for. */
bool experience_of_student(struct str text, struct experience *ret);

/* With what words for no years may begin, as "freshers" and "no prior experience". */
void experience_watch(struct beginnings *io);

#endif
