#ifndef CLI_REMEDY_H
#define CLI_REMEDY_H

#include "core/exchange.h"

/* Why a source was not read whole, as far as what to do about it goes. */
enum trouble {
    TROUBLE_NONE,
    TROUBLE_GONE,      /* the board is no more */
    TROUBLE_ANSWER,    /* it answered, and not with the list that it should */
    TROUBLE_REFUSED,   /* the source's own address, or a redirect, is not to be asked */
    TROUBLE_ROBOTS,    /* its owner does not want it read */
    TROUBLE_NO_ROBOTS, /* its owner's wish could not be had */
    TROUBLE_NETWORK,   /* no answer, or half of one */
    TROUBLE_PATIENCE,  /* its host wants to be left alone for a while */
    TROUBLE_STOPPED,   /* by a signal or the run's limit */
    TROUBLES
};

/* By the ledger's word on robots.txt, of a request that was not sent. */
enum trouble trouble_of_refusal(const char *robots);

/* `refused` where it was not sent. An answer of any status below 500 is none by itself. */
enum trouble trouble_of_answer(const struct answer *a, enum trouble refused);

/* What to do about it, for one such source or many; empty: nothing is wrong. */
const char *remedy_of(enum trouble t);

#endif
