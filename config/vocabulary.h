#ifndef CONFIG_VOCABULARY_H
#define CONFIG_VOCABULARY_H

#include "config/schema.h"

/* The tables that say what each file may hold, and into which struct it goes. */
extern const struct schema schema_settings;
extern const struct schema schema_adapter;
extern const struct schema schema_source;
extern const struct schema schema_skill;
extern const struct schema schema_heading;
extern const struct schema schema_cue;
extern const struct schema schema_title;
extern const struct schema schema_mode;
extern const struct schema schema_work;
extern const struct schema schema_place;
extern const struct schema schema_employer;
extern const struct schema schema_roadmap;

#endif
